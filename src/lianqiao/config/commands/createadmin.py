import sys

import click
from django.db import transaction
from django.utils import timezone

from lianqiao.accounts.actions import accept_link, invite_person
from lianqiao.accounts.queries import open_link
from lianqiao.accounts.validators import normal_phone
from lianqiao.core.actor import Actor, Role, at_the_terminal
from lianqiao.registry.actions.positions import grant_position
from lianqiao.registry.queries import positions_for


@click.command()
@click.option("--name", help="The person's name, as colleagues read it.")
@click.option("--username", help="What the person logs in with.")
@click.option("--phone", help="A telephone number, which serves as a login too.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.option("--another", is_flag=True, help="Add one although there is a system administrator already.")
def command(
    name: str | None, username: str | None, phone: str | None, password_stdin: bool, another: bool
) -> None:
    """Make the first system administrator: a person who can log in, and the position.

    Asks for what is not given. System administrators manage accounts and settings and see no content.
    """
    by = at_the_terminal("createadmin")
    refuse_second(by, another=another)
    name = name or click.prompt("Name")
    username = username or click.prompt("Login name")
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    create_admin(name=str(name), username=str(username), phone=phone, password=password, by=by)
    click.echo(f"{name} can log in as {username} and is a system administrator.")


def refuse_second(by: Actor, *, another: bool) -> None:
    today = timezone.localdate()
    there = [row for row in positions_for(by).filter(role=Role.SYSTEM_ADMIN) if row.is_held(today)]
    if there and not another:
        names = ", ".join(row.person.name for row in there)
        raise click.ClickException(
            f"There is a system administrator already ({names}). Use --another to add one."
        )


def create_admin(*, name: str, username: str, phone: str | None, password: str, by: Actor) -> None:
    """All of it or nothing. Raises ValidationError."""
    now, number = timezone.now(), normal_phone(phone) if phone else None
    with transaction.atomic():
        person, token = invite_person(name=name, username=username, phone=number, by=by, now=now)
        link = open_link(token, now=now)
        if link is None:
            raise RuntimeError("the invitation that was made just now is not open")
        accept_link(link, password=password, by=by, now=now)
        grant_position(person=person, role=Role.SYSTEM_ADMIN, starts_on=timezone.localdate(now), by=by)
