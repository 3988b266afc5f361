import json
import os

import click
from django.utils import timezone

from lianqiao.config.commands.serve import how_to_serve
from lianqiao.config.database import migrate
from lianqiao.config.serving import Serving, prepare
from lianqiao.core.actor import at_the_terminal
from lianqiao.portal.demo.accounts import loaded_logins, one_per_role
from lianqiao.portal.demo.case import Case, published_case
from lianqiao.portal.demo.loading import is_loaded, load_demo


@click.command()
@click.option("--accounts-json", is_flag=True, help="Print the demo's logins as JSON, and serve nothing.")
@how_to_serve
def command(accounts_json: bool, serving: Serving) -> None:
    """Load the demo chain into an empty database, print its logins, and serve it.

    A database that holds anything else is refused; one that holds the demo already is only served.
    With LIANQIAO_SERVE=0 everything is done but the serving.
    """
    by = at_the_terminal("demo")
    migrate(by=by, say=lambda text: click.echo(text, err=accounts_json))
    if not is_loaded():
        click.echo("Loading the demo", err=accounts_json)
        load_demo(by=by, today=timezone.localdate())
    if accounts_json:
        click.echo(json.dumps([login.facts() for login in loaded_logins()], ensure_ascii=False, indent=1))
        return
    prepare()
    click.echo(table_of_logins())
    click.echo(f"\nEvery password is {one_per_role()[0].password} - these logins are for trying out only.")
    if case := published_case():
        click.echo(plan_of_case(case, serving.address))
    if os.environ.get("LIANQIAO_SERVE") == "0":
        return
    os.environ["LIANQIAO_DEMO"] = "1"
    serving.run()


def plan_of_case(case: Case, address: str) -> str:
    of = f"{case.title}: {case.needs} needs, {case.offers} resources and services, nothing fixed by hand"
    lines = [f"\nThe published case, as the engine planned it ({of}):"]
    for college, enterprise, reasons in case.pairs:
        lines += [f"  {college} — {enterprise}", *(f"      {reason}" for reason in reasons)]
    lines.append(
        f"  Bound: no plan under these rules is more than {case.gap_percent:.1f} % better. {case.bound}"
    )
    lines.append(f"  See it, as {one_per_role()[0].username}: {address.rstrip('/')}{case.path}")
    return "\n".join(lines)


def table_of_logins() -> str:
    lines = [f"  {'login':<16}{'role':<21}name, where"]
    for login in one_per_role():
        where = " · ".join(
            part for part in (login.name, login.role_label, login.unit or login.organisation) if part
        )
        lines.append(f"  {login.username:<16}{login.role:<21}{where}")
    return "\n".join(lines)
