"""Calls made up from the API's own description: none may crash, none may be answered in an undescribed way."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.exceptions import ValidationError
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from lianqiao.core.actor import Role
from lianqiao.core.models import Job
from lianqiao.core.text import validate_plain
from lianqiao.lists.models import Import
from lianqiao.registry.models import Accession, Chain, ChainPartyOrganisation, Merge
from tests import factories as make
from tests.api.conftest import secret_of

pytestmark = pytest.mark.postgresql_tells


def described(examples: int) -> Any:
    """The API's own description; `examples` made-up calls of each operation, the same ones at every run."""
    config = {
        "seed": 20241024,
        "generation": {
            "deterministic": True,
            "max-examples": examples,
            "no-shrink": True,
            "database": "none",
        },
        # Every boundary of every field would be 7,000 calls and four minutes; `fuzz` draws from them.
        "phases": {"coverage": {"enabled": False}},
    }
    return schemathesis.openapi.from_wsgi(
        "/api/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(config)
    )


as_office, as_auditor, as_stranger = described(6), described(3).include(method="GET"), described(1)
bounded = settings(suppress_health_check=list(HealthCheck), deadline=None)
# A description can say what a number looks like, not which numbers exist, which codes a table holds or that a
# check digit must fit: a well-formed call may still be refused with 422.
MAY_BE_REFUSED = [positive_data_acceptance]


@pytest.fixture(autouse=True)
def one_connection():
    """Like Django's own test client: a request must not end the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker) -> Iterator[dict[str, list[int]]]:
    """Made once; each test works in a savepoint inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield one_of_everything()
        transaction.set_rollback(True)


@pytest.fixture
def known(rows, db) -> dict[str, list[int]]:
    return dict(rows)


def one_of_everything() -> dict[str, list[int]]:
    """So that made-up calls also reach what lies behind a 404."""
    on = make.chain()
    places = [make.segment(on), make.segment(on)]
    school = make.member(on, "云川建筑职业学院", places[0], kind="school")
    firm = make.member(on, "云川启平建设工程有限公司", places[1])
    outside = make.organisation("云川博智工程咨询有限公司", registered_by=on.office)
    party = ChainPartyOrganisation.objects.create(chain=on, name="云川建筑产业链党委")
    accession = Accession.objects.create(party_organisation=party, organisation=firm, joined_on=make.LONG_AGO)
    liaison, leader = make.position(Role.LIAISON, on), make.position(Role.LEADER, on, starts_on=make.today())
    gone = make.member(on, "云川启平建设")
    merge = Merge.objects.create(gone=outside, kept=firm, merged_at=timezone.now(), state="undone")
    link = places[0].feeds.create(downstream=places[1])
    roomy = [*places, make.segment(on)]
    category = make.category(on)
    states = ("draft", "submitted", "published", "expired")
    entries = [make.entry(on=on, state=state, registered_by=on.office) for state in states]
    comment = entries[1].comments.create(
        person=leader.person, position_label="管理处", text="请补充数量", at=timezone.now()
    )
    book = Import.objects.create(
        chain=on, name="三张清单.xlsx", token="0" * 32, sha256="0" * 64, state="checked"
    )
    return {
        "imports": [book.pk],
        "chain": [on.pk],
        "chains": [on.pk],
        "office": [on.office_id],
        "segments": [place.pk for place in roomy],
        "segment-links": [link.pk],
        "upstream": [place.pk for place in roomy],
        "downstream": [place.pk for place in reversed(roomy)],
        "merges": [merge.pk],
        "gone": [gone.pk, outside.pk],
        "kept": [firm.pk, school.pk],
        "positions": [liaison.pk, leader.pk],
        "person": [liaison.person_id, leader.person_id],
        "organisation": [firm.pk, outside.pk, school.pk],
        "organisations": [firm.pk, outside.pk, school.pk],
        "unit": [make.unit(school).pk],
        "units": [make.unit(school).pk],
        "branches": [make.branch(firm).pk],
        "memberships": [row.pk for row in on.memberships.all()],
        "party_organisation": [party.pk],
        "accessions": [accession.pk],
        "instructor": [liaison.person_id],
        "category": [category.pk],
        "categories": [category.pk],
        "entries": [entry.pk for entry in entries],
        "comments": [comment.pk],
    }


def call(case: Any, known: dict[str, list[int]], token: str = "") -> None:
    if case.meta.generation.mode.is_positive:
        point_at(case, known)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # In a form everything is text: `1` for "1" is a broken type to the description, and the same bytes to us.
    is_form = case.media_type == "multipart/form-data"
    excluded = [*MAY_BE_REFUSED, negative_data_rejection] if is_form else MAY_BE_REFUSED
    case.call_and_validate(headers=headers, excluded_checks=excluded)


@pytest.fixture
def token(known, request) -> str:
    held = make.position(request.param, Chain.objects.get(pk=known["chain"][0]))
    known["jobs"] = [Job.objects.create(kind="registry.import_reference", person_id=held.person_id).pk]
    return secret_of(held)


@pytest.mark.parametrize("token", [Role.OFFICE_ADMIN], indirect=True)
@as_office.parametrize()
@bounded
def test_made_up_call_of_the_office_gets_a_described_answer(case, known, token):
    call(case, known, token)


@pytest.mark.parametrize("token", [Role.AUDITOR], indirect=True)
@as_auditor.parametrize()
@bounded
def test_made_up_call_of_the_auditor_gets_a_described_answer(case, known, token):
    call(case, known, token)


@as_stranger.parametrize()
@bounded
def test_made_up_call_of_a_stranger_gets_a_described_answer(case, known):
    call(case, known)


def point_at(case: Any, known: dict[str, list[int]]) -> None:
    """Make a well-formed call also a sensible one, or nearly every call would end at the first unknown number.

    Numbers become those of rows that exist, days become likely ones, unreadable text becomes readable.
    """
    resource = case.path.split("/")[2]
    if "pk" in case.path_parameters and resource in known:
        case.path_parameters["pk"] = existing(known[resource], case.path_parameters["pk"])
    if isinstance(case.body, dict):
        case.body = {name: sensible(name, value, known) for name, value in case.body.items()}


def sensible(name: str, value: Any, known: dict[str, list[int]]) -> Any:
    if isinstance(value, str) and name.endswith("_on"):
        return f"2026-01-{len(value) % 28 + 1:02}"
    if isinstance(value, str) and name in ("name", "why_none", "business") and not is_readable(value):
        return f"云川第{len(value)}"
    if name not in known or value is None or isinstance(value, str | bool | dict):
        return value
    return (
        [existing(known[name], one) for one in value]
        if isinstance(value, list)
        else existing(known[name], value)
    )


def existing(rows: list[int], number: Any) -> int:
    return rows[int(number) % len(rows)]


def is_readable(text: str) -> bool:
    try:
        validate_plain(text)
    except ValidationError:
        return False
    return bool(text.strip())
