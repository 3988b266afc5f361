"""The console script `lianqiao`: one command a module, imported when it is asked for."""

import os
import sys
from importlib import import_module
from typing import Any

import click

COMMANDS = [
    "serve",
    "worker",
    "demo",
    "migrate",
    "createadmin",
    "import-reference",
    "audit",
    "rounds",
    "backup",
    "restore",
    "doctor",
    "routes",
]
# They work on files: no settings, no database, and they start quickly.
OF_THE_ENGINE = ["plan", "explain", "verify", "capture", "rank", "names", "assign"]


class Commands(click.Group):
    """Commands reach models, and models can be imported only after Django is set up; hence so late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return COMMANDS + OF_THE_ENGINE

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in OF_THE_ENGINE:
            package = "lianqiao_engine.commands"
        elif name in COMMANDS:
            package = "lianqiao.config.commands"
            set_up()
        else:
            return None
        command: click.Command = import_module(f"{package}.{name.replace('-', '_')}").command
        command.name = name
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if "django.apps" in sys.modules and sys.modules["django.apps"].apps.ready:
                import_module("lianqiao.config.edge").refuse(error)
            raise


def set_up() -> None:
    """Django takes a tenth of a second, so commands of the engine never see it."""
    import django  # noqa: PLC0415
    from django.apps import apps  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    # Rows, files and keys are for the account that runs the product, and for nobody else of the machine.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqiao.config.settings")
    if not apps.ready:
        django.setup()
    translation.activate("en")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lianqiao", message="lianqiao %(version)s")
def main() -> None:
    """Lianqiao (链桥): the working platform of an industry chain that co-builds.

    Data lie in LIANQIAO_DATA (default: the folder var), the database in DATABASE_URL (default: SQLite there).

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
    """
