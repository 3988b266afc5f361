from pathlib import Path

import click

from lianqiao.config.restoring import restore_backup
from lianqiao.config.telling import progress


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of what is there, which is kept beside.")
@click.option(
    "--accept-broken-trail", is_flag=True, help="Restore even a backup whose audit trail is not whole."
)
@click.option(
    "--accept-other-key", is_flag=True, help="Replace what is there by a backup of another installation."
)
def command(file: Path, replace: bool, accept_broken_trail: bool, accept_other_key: bool) -> None:
    """Put a backup back, into an empty database or with --replace into one that holds something.

    Digests, version and key are checked first; the rows go into a new database beside the present one, are
    counted, the audit trail is verified, and only then it takes its place. When anything is wrong, nothing
    changes. Everybody has to log in again.
    """
    with progress() as step:
        restored = restore_backup(
            file,
            replace=replace,
            accept_broken_trail=accept_broken_trail,
            accept_other_key=accept_other_key,
            step=step,
        )
    click.echo(f"Restored {restored.rows} rows and {restored.files} files of {restored.manifest.made_at}.")
    if restored.problem:
        click.echo(f"Counts are right. BEWARE: {restored.problem}.", err=True)
    else:
        click.echo(f"Counts are right, the audit trail is whole; head {restored.manifest.audit_head}")
    if restored.kept_as:
        click.echo(f"What was there before is kept beside, its name ending in {restored.kept_as}")
