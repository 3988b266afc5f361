import click

from lianqiao.config.database import migrate
from lianqiao.core.actor import at_the_terminal


@click.command()
def command() -> None:
    """Bring the database up to date and fill empty reference tables with the default ones.

    Run it after each update of the product. What is up to date already is left alone.
    """
    migrate(by=at_the_terminal("migrate"))
    click.echo("The database is up to date.")
