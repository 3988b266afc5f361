"""Who holds which role, given and taken through the API by the same rules as on the pages."""

from datetime import timedelta

import pytest

from lianqiao.accounts.models import ApiToken
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.notices.models import Notice
from lianqiao.registry.models import Position
from tests import factories as make

pytestmark = pytest.mark.django_db
NEXT_YEAR = make.today() + timedelta(days=365)


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def office(caller, held):
    return caller(held)


@pytest.fixture
def colleague(held):
    return make.position(Role.LIAISON, held.chain)


def told(answer):
    return answer.status_code, answer.json()["code"]


def fields(answer):
    assert answer.status_code == 422, answer.content
    return list(answer.json()["fields"])


def test_position_grant_tells_the_person_and_ends_their_sessions(office, held, colleague):
    epoch = colleague.person.epoch
    sent = {
        "person": colleague.person_id,
        "role": "leader",
        "chain": held.chain.pk,
        "starts_on": "2026-01-01",
    }

    answer = office.post("/positions", sent)

    row = Position.objects.get(role="leader")
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": row.pk,
            "person": {"id": colleague.person_id, "name": colleague.person.name},
            "role": "leader",
            "organisation": None,
            "unit": None,
            "chain": {"id": held.chain.pk, "name": held.chain.name},
            "starts_on": "2026-01-01",
            "ends_on": None,
            "held": row.is_held(make.today()),
        },
    )
    colleague.person.refresh_from_db()
    assert colleague.person.epoch == epoch + 1
    assert Notice.objects.get().person == colleague.person
    assert AuditEntry.objects.filter(action="registry.grant_position", subject_id=row.pk).count() == 1
    assert told(office.post("/positions", sent)) == (409, "overlapping_dates")


def test_position_grant_keeps_within_the_reach_of_who_grants(office, held, colleague):
    chain, elsewhere = held.chain.pk, make.chain()
    stranger = make.position(Role.LIAISON, elsewhere)
    firm = make.member(held.chain)
    sent = {"person": colleague.person_id, "role": "leader", "chain": chain, "starts_on": "2026-01-01"}

    wrong = {
        "person": [{"person": held.person_id}, {"person": stranger.person_id}, {"person": 999_999}],
        "role": [{"role": "system_admin"}, {"role": "office_admin"}, {"role": "king"}, {"role": ""}],
        "chain": [{"chain": elsewhere.pk}, {"chain": 999_999}],
        "organisation": [
            {"chain": None},
            {"organisation": elsewhere.office_id},
            {"role": "school_coordinator", "organisation": firm.pk},
        ],
        "starts_on": [{"starts_on": None}, {"starts_on": "2026-02-30"}],
        "level": [{"level": 1}],
    }
    answers = {
        name: [fields(office.post("/positions", sent | one)) for one in ones] for name, ones in wrong.items()
    }

    assert answers == {name: [[name]] * len(ones) for name, ones in wrong.items()}
    assert not Position.objects.filter(role="leader").exists()


@pytest.mark.parametrize(
    "role", [Role.ENTERPRISE_CONTACT, Role.LEADER, Role.LIAISON, Role.AUDITOR, Role.COLLEGE_CONTACT]
)
def test_position_grant_by_who_appoints_nobody_is_refused(caller, held, colleague, role):
    program = caller(make.position(role, held.chain))
    sent = {"person": colleague.person_id, "role": "student", "starts_on": "2026-01-01"}

    assert told(program.post("/positions", sent)) == (403, "not_permitted")


def test_position_end_shuts_out_its_tokens(office, caller, colleague):
    program = caller(colleague)
    assert program.get("/me").status_code == 200

    ended = office.post(f"/positions/{colleague.pk}/end", {"ends_on": str(make.yesterday())})

    assert (ended.status_code, ended.json()["held"]) == (200, False)
    assert told(program.get("/me")) == (401, "token_refused")
    assert ApiToken.objects.get(position_id=colleague.pk).revoked_at is not None


def test_position_end_of_oneself_or_of_others_is_refused(office, held):
    theirs = make.position(Role.LIAISON)
    today = {"ends_on": str(make.today())}

    assert told(office.post(f"/positions/{held.pk}/end", today)) == (403, "not_permitted")
    assert told(office.post(f"/positions/{theirs.pk}/end", today)) == (404, "not_found")
    assert Position.objects.filter(ends_on=None).count() == 2


def test_position_extend_goes_only_forward(office, colleague):
    Position.objects.filter(pk=colleague.pk).update(ends_on=make.today())
    path = f"/positions/{colleague.pk}/extend"

    assert fields(office.post(path, {"ends_on": str(make.today())})) == ["ends_on"]
    assert fields(office.post(path, {})) == ["ends_on"]
    assert office.post(path, {"ends_on": str(NEXT_YEAR)}).json()["ends_on"] == str(NEXT_YEAR)
    assert office.post(path, {"ends_on": None}).json()["ends_on"] is None


def test_position_withdraw_takes_back_only_what_was_not_held_yet(office, held, colleague):
    new = make.position(Role.LEADER, held.chain, starts_on=make.today())

    assert told(office.post(f"/positions/{colleague.pk}/withdraw")) == (409, "already_held")
    assert office.post(f"/positions/{new.pk}/withdraw").json()["id"] == new.pk
    assert not Position.objects.filter(pk=new.pk).exists()


def test_position_grant_finds_its_organisation_in_a_long_register(office, held, colleague, monkeypatch):
    monkeypatch.setattr("lianqiao.registry.forms.pick.MOST_LISTED", 0)
    firm = make.member(held.chain)
    sent = {"person": colleague.person_id, "role": "enterprise_contact", "starts_on": "2026-01-01"}

    answer = office.post("/positions", sent | {"organisation": firm.pk, "chain": held.chain.pk})

    assert (answer.status_code, answer.json()["organisation"]["id"]) == (201, firm.pk)
