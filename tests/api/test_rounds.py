"""Rounds for programs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.core.actor import Role
from lianqiao.matching.models import Round
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here():
    return lists()


@pytest.fixture
def office(caller, here):
    return caller(make.position(Role.OFFICE_STAFF, here.chain))


def test_round_add_run_and_publish(office, here):
    made = office.post("/rounds", {"chain": here.chain.pk, "title": "春季对接", "objective": "best"}).json()
    path = f"/rounds/{made['id']}"
    previewed = office.post(f"{path}/preview").json()
    run = office.post(f"{path}/run").json()
    plan = office.get(f"{path}/plan").json()
    published = office.post(f"{path}/publish").json()

    assert (made["state"], previewed["state"], run["state"], published["state"]) == (
        "draft", "draft", "ready", "published",
    )  # fmt: skip
    assert (run["matched"], run["unserved"], run["job"]["state"]) == (3, 0, "done")
    assert run["sum"] == pytest.approx(run["bound"])
    assert [row["need"]["id"] for row in plan["items"]] == sorted(entry.pk for entry in here.needs.values())
    assert all(row["reasons"] and row["score"] > 0 for row in plan["items"])
    assert {row["state"] for row in office.get(f"{path}/plan").json()["items"]} == {"offered"}


def test_round_edit_changes_what_is_given_only(office, here):
    made = office.post("/rounds", {"chain": here.chain.pk, "title": "一轮", "wants": 2}).json()

    office.patch(f"/rounds/{made['id']}", {"capacity": 3, "seen": made["version"]})

    rules = Round.objects.get().rules
    assert (rules["wants"], rules["capacity"]) == (2, 3)


def test_round_edit_of_what_somebody_changed_is_409(office, here):
    made = office.post("/rounds", {"chain": here.chain.pk, "title": "一轮"}).json()
    Round.objects.update(version=5)

    answer = office.patch(f"/rounds/{made['id']}", {"capacity": 3, "seen": made["version"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


@pytest.mark.parametrize(
    "facts", [{"kinds": ["need"]}, {"rest_after": 0}, {"objective": "cheap"}, {"seed": 1}, {"title": ""}]
)
def test_round_add_of_what_cannot_be_is_422(office, here, facts):
    answer = office.post("/rounds", {"chain": here.chain.pk, "title": "一轮"} | facts)

    assert answer.status_code == 422, answer.content
    assert not Round.objects.exists()


def test_round_missed_tells_why(office, here):
    left = make.entry("need", here.chain, title="种植蔬菜大棚")
    row = make.held_round(here.chain)

    items = office.get(f"/rounds/{row.pk}/missed").json()["items"]

    assert items == [{"need": {"id": left.pk, "name": "种植蔬菜大棚"}, "why": "nothing fits"}]


def test_round_of_another_chain_is_404(caller, here):
    row = make.held_round(here.chain)
    stranger = caller(make.position(Role.OFFICE_STAFF))

    paths = ["", "/plan", "/missed"]
    assert [stranger.get(f"/rounds/{row.pk}{path}").status_code for path in paths] == [404] * 3
    moves = ["preview", "run", "publish", "close", "discard"]
    assert [stranger.post(f"/rounds/{row.pk}/{move}").status_code for move in moves] == [404] * 5


def test_round_read_by_a_leader_has_no_scores(caller, here):
    row = make.held_round(here.chain)
    leader = caller(make.position(Role.LEADER, here.chain))

    told, plan = leader.get(f"/rounds/{row.pk}").json(), leader.get(f"/rounds/{row.pk}/plan").json()

    assert (told["sum"], told["bound"], told["matched"]) == (None, None, 3)
    assert {one["score"] for one in plan["items"]} == {None}


@pytest.mark.parametrize("role", [Role.ENTERPRISE_CONTACT, Role.COLLEGE_CONTACT, Role.STUDENT])
def test_round_list_is_not_for_the_sides(caller, here, role):
    make.held_round(here.chain)

    assert caller(make.position(role, here.chain)).get("/rounds").status_code == 403


def test_round_list_same_number_of_queries(office, here):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get("/rounds").status_code == 200
        return len(queries)

    make.held_round(here.chain)
    asked()
    one = asked()
    make.held_round(here.chain)
    make.held_round(here.chain)

    assert asked() == one


def test_round_close_and_discard_say_when_they_cannot(office, here):
    row = make.held_round(here.chain)

    closed, discarded = (office.post(f"/rounds/{row.pk}/{move}") for move in ("close", "discard"))

    assert (closed.status_code, closed.json()["code"]) == (409, "state_moved")
    assert discarded.json()["state"] == "discarded"
