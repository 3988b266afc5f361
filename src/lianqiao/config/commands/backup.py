from pathlib import Path

import click

from lianqiao.config.backup import make_backup
from lianqiao.config.telling import progress
from lianqiao.core.actor import at_the_terminal


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file of that name.")
def command(file: Path, force: bool) -> None:
    """Write everything into one FILE: all rows of one moment, the uploaded files, and the secret key.

    The system may run meanwhile. The file holds personal data and the key: keep it where only you can read it.
    It can be restored into SQLite as well as into PostgreSQL, whichever it was made from.
    """
    if file.exists() and not force:
        raise click.ClickException(f"{file} exists. Use --force to write over it.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"The folder {file.absolute().parent} does not exist.")
    with progress() as step:
        manifest = make_backup(
            file, by=at_the_terminal("backup"), step=lambda *done: step("Backing up", *done)
        )
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(f"{file}: {rows} rows of {len(manifest.tables)} tables, {file.stat().st_size / 1e6:.1f} MB")
    click.echo(f"Audit head: {manifest.audit_head}")
