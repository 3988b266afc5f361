"""The commands that an operator types: what they do, what they say, how they exit."""

import json

import pytest
from django.urls import URLResolver, get_resolver

from lianqiao.accounts.models import Person
from lianqiao.config.cli import COMMANDS
from lianqiao.config.locks import take
from lianqiao.core import audit
from lianqiao.core.actor import EVERYONE, Role
from lianqiao.core.models import AuditEntry, AuditHead
from lianqiao.registry.models import Edition, Position, ReferenceItem

PASSWORD = "ein-langes-wort-77"


def test_help_tells_of_every_command(lianqiao):
    result = lianqiao("--help")

    assert result.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in result.output] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(lianqiao, name):
    result = lianqiao(name, "--help")

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {name}")


def test_an_unknown_command_or_option_is_wrong_usage(lianqiao):
    assert lianqiao("dance").exit_code == 2
    assert lianqiao("serve", "--port", "none").exit_code == 2


def test_migrate_fills_the_reference_tables_and_is_idle_the_second_time(bare, lianqiao):
    first, second = lianqiao("migrate"), lianqiao("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Default reference tables loaded: industry, major, occupation, region, workdays" in first.output
    assert second.output == "The database is up to date.\n"
    assert Edition.objects.count() == 5


def test_a_database_that_nobody_migrated_is_told_of(bare, lianqiao):
    for arguments in (["audit", "verify"], ["serve"], ["import-reference", "industry", __file__, "--yes"]):
        result = lianqiao(*arguments)
        assert result.exit_code == 1, arguments
        assert "lianqiao migrate" in result.output or "csv" in result.output


# createadmin


def create(lianqiao, *more, name="周全", username="zhouquan", password=PASSWORD):
    return lianqiao(
        "createadmin", "--name", name, "--username", username, "--password-stdin", *more, input=password
    )


def test_createadmin_makes_somebody_who_can_log_in_and_manage(office, lianqiao):
    result = create(lianqiao, "--another", "--phone", "139 1234 5678")

    assert (result.exit_code, result.output) == (
        0,
        "周全 can log in as zhouquan and is a system administrator.\n",
    )
    person = Person.objects.get(username="zhouquan")
    assert (person.name, person.phone, person.state) == ("周全", "13912345678", "active")
    assert person.check_password(PASSWORD)
    held = Position.objects.get(person=person)
    assert (held.role, held.organisation, held.ends_on) == (Role.SYSTEM_ADMIN, None, None)
    assert audit.verify().is_whole


def test_createadmin_asks_for_what_is_not_given(office, lianqiao):
    result = lianqiao("createadmin", "--another", input=f"周全\nzhouquan\n{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert Person.objects.get(username="zhouquan").name == "周全"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"password": "kurz"}, "too short"),
        ({"password": "zhouquan12"}, "too similar"),
        ({"username": "a b"}, "username:"),
        ({"name": "周\u200b全"}, "name:"),
    ],
)
def test_createadmin_refused_leaves_nobody(office, lianqiao, facts, told):
    people = Person.objects.count()

    result = create(lianqiao, "--another", **facts)

    assert (result.exit_code, told in result.output) == (1, True), result.output
    assert Person.objects.count() == people


def test_createadmin_makes_a_second_one_only_when_asked_to(office, lianqiao):
    refused, made = create(lianqiao), create(lianqiao, "--another")

    assert (refused.exit_code, "白杰" in refused.output) == (1, True)
    assert made.exit_code == 0, made.output


# import-reference


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "新版.csv"
    file.write_text("代码,名称,级别\nE,建筑业（新）,section\n47,房屋建筑业,division\n", encoding="gb18030")
    return file


def test_import_reference_shows_the_difference_and_asks(office, lianqiao, table):
    before = ReferenceItem.objects.filter(kind="industry", valid_to=None).count()

    alone = lianqiao("import-reference", "industry", table)
    agreed = lianqiao("import-reference", "industry", table, "--yes", "--valid-from", "2026-10-01")

    assert (alone.exit_code, "Use --yes" in alone.output) == (1, True)
    assert f"2 rows: 0 new, 2 changed, {before - 2} to end" in alone.output
    assert "~ E 建筑业 -> 建筑业（新）" in alone.output
    assert (agreed.exit_code, agreed.output.splitlines()[-1]) == (
        0,
        f"Loaded '新版': 0 added, 2 changed, {before - 2} ended.",
    )
    assert ReferenceItem.objects.filter(kind="industry", valid_to="2026-10-01").count() == before - 2


def test_import_reference_of_what_is_there_does_nothing(office, lianqiao, table):
    lianqiao("import-reference", "industry", table, "--yes")

    again = lianqiao("import-reference", "industry", table)

    assert (again.exit_code, again.output.splitlines()[-1]) == (
        0,
        "Nothing to do: the table holds all of it already.",
    )


def test_import_reference_tells_each_bad_row_and_changes_nothing(office, lianqiao, table):
    table.write_text("code,name,parent\nE,,\n47,房屋建筑业,X\n")
    editions = Edition.objects.count()

    result = lianqiao("import-reference", "industry", table, "--yes")

    assert result.exit_code == 1
    told = [line for line in result.output.splitlines() if line.startswith("新版.csv: ")]
    assert ["2" in told[0], "name" in told[0], "3" in told[1], "parent" in told[1]] == [True] * 4, told
    assert Edition.objects.count() == editions


# audit


def test_audit_verify_says_whole_and_names_the_head(office, lianqiao):
    head = lianqiao("audit", "head").output.strip()

    result = lianqiao("audit", "verify", "--head", head)

    assert (result.exit_code, head == audit.head()) == (0, True)
    assert (
        result.output.splitlines()[-1] == f"The trail is whole: {head.partition(':')[0]} entries, head {head}"
    )


def test_audit_verify_names_the_first_bad_entry(office, lianqiao):
    AuditEntry.objects.filter(pk__in=[7, 9]).update(name="nobody")

    result = lianqiao("audit", "verify")

    assert (result.exit_code, "entry 7" in result.output, "edited" in result.output) == (1, True, True)


def test_audit_verify_with_a_noted_head_sees_a_trail_cut_short(office, lianqiao):
    noted = audit.head()
    last = AuditEntry.objects.order_by("-id")[1]
    AuditEntry.objects.filter(pk__gt=last.pk).delete()
    AuditHead.objects.update(last_id=last.pk, hash=last.hash)

    unaware, aware = lianqiao("audit", "verify"), lianqiao("audit", "verify", "--head", noted)

    assert (unaware.exit_code, aware.exit_code, "truncated" in aware.output) == (0, 1, True)


def test_audit_verify_of_a_head_that_is_none_is_wrong_usage(office, lianqiao):
    assert lianqiao("audit", "verify", "--head", "yesterday").exit_code == 2


# routes


def test_routes_tell_every_address_with_what_each_role_may_do(lianqiao):
    routes = json.loads(lianqiao("routes", "--json").output)

    pages = {route["name"] for route in routes if route["kind"] == "page"}
    assert {name for name in names_in(get_resolver()) if name} - pages == set()
    assert {route["kind"] for route in routes} == {"page", "operation"}
    for route in routes:
        assert set(route["policy"]) == {str(role) for role in EVERYONE}, route["path"]
        assert {method for methods in route["policy"].values() for method in methods} <= set(route["methods"])


def names_in(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_in(entry)
        elif not entry.callback.policy.by_operation:
            yield entry.name


def test_routes_without_json_are_a_line_each(lianqiao):
    lines = lianqiao("routes").output.splitlines()

    assert any(line.split()[:3] == ["GET", "/healthz", "healthz"] for line in lines)


# doctor


def levels(result):
    return {line[9:23].strip(): line.split()[0] for line in result.output.splitlines() if line[:1] in "owp"}


def test_doctor_finds_a_demo_in_good_health(office, lianqiao):
    with take("worker"):
        result = lianqiao("doctor")

    assert result.exit_code == 0, result.output
    told = levels(result)
    assert {name for name, level in told.items() if level != "ok"} <= {"mail", "translations", "TLS"}
    assert {"database", "migrations", "durability", "secret key", "disk", "worker", "clock"} <= set(told)


def test_doctor_names_what_is_wrong_and_what_to_do(office, lianqiao, settings):
    (office.data / "secret.key").chmod(0o644)
    settings.SERVED = office.data / "nowhere"
    AuditEntry.objects.filter(pk=AuditEntry.objects.count()).update(at="2999-01-01T00:00:00Z")

    result = lianqiao("doctor")

    assert result.exit_code == 1
    told = levels(result)
    assert {name for name, level in told.items() if level == "problem"} == {
        "secret key",
        "front end",
        "clock",
    }
    assert told["worker"] == "warn"
    assert "chmod 600" in result.output


def test_doctor_tells_of_a_database_that_is_not_migrated(bare, lianqiao):
    result = lianqiao("doctor")

    assert (result.exit_code, levels(result)["migrations"]) == (1, "problem")


# demo


def test_demo_accounts_json_prints_json_and_nothing_else(office, lianqiao):
    result = lianqiao("demo", "--accounts-json")

    accounts = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {account["role"] for account in accounts} == set(Role)
    assert {account["password"] for account in accounts} == {"lianqiao-demo-2024"}


def test_demo_refuses_a_database_that_holds_anything_else(office, lianqiao):
    # As if somebody had registered all this by hand.
    AuditEntry.objects.filter(action="portal.load_demo").delete()
    people = Person.objects.count()

    result = lianqiao("demo", "--accounts-json")

    assert (result.exit_code, result.stdout, Person.objects.count()) == (1, "", people)
