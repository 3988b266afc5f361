"""Figures, their records, the analysis and briefings for programs: the same values and the same limits as the pages."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.insight.models import AnalysisRule, Briefing
from tests import factories as make
from tests.insight import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db):
    return make.chain()


@pytest.fixture
def office(caller, here):
    return caller(make.position(Role.OFFICE_STAFF, here))


@pytest.fixture
def firm(here):
    return make.member(here)


@pytest.fixture
def need(here, firm):
    return rows.need(here, make.today(), organisation=firm)


def test_figure_list_tells_every_figure_with_its_definition(office, here, need):
    answer = office.get("/figures", chain=here.pk).json()["items"]
    needs = next(one for one in answer if one["code"] == "needs")

    assert (needs["value"], needs["rows"], needs["unit"]) == (1, 1, "条")
    assert needs["parts"] == [
        {"group": "state", "code": "published", "name": "", "value": 1, "of": None, "unit": ""}
    ]
    assert all(one["definition"] and one["formula"] for one in answer)


def test_figure_list_hides_sums_of_few_people(office, here, firm):
    school = make.member(here, kind="school")
    rows.outcome(rows.project(here, firm, school, make.today()), rows.outcome_kind(here), 3, make.today())
    parts = office.get("/figures/outcomes", chain=here.pk).json()["parts"]

    assert [(part["name"], part["value"]) for part in parts if part["group"] == "outcome_kind"] == [
        ("培训人数", None)
    ]


def test_figure_detail_tells_twelve_periods(office, here, need):
    answer = office.get("/figures/matched", chain=here.pk, every="month").json()

    assert (answer["value"], len(answer["points"]), answer["points"][-1]["value"]) == (0, 12, 0)
    assert office.get("/figures/nonsense", chain=here.pk).status_code == 404
    assert (
        office.get("/figures/coverage", chain=here.pk, organisation=need.organisation_id).status_code == 404
    )


def test_figure_records_are_those_counted(office, here, need):
    matched = rows.need(here, make.today())
    rows.match(matched, rows.offer(here), make.today())
    items = office.get("/figures/matched/records", chain=here.pk).json()["items"]

    assert [(one["type"], one["id"], one["counted"]) for one in items] == [
        ("lists.entry", matched.pk, True), ("lists.entry", need.pk, False),
    ]  # fmt: skip
    assert office.get("/figures/matched/records", chain=here.pk, source=1).status_code == 404


def test_figure_list_and_records_of_others_are_not_found(caller, here, firm, need):
    contact = caller(make.position(Role.ENTERPRISE_CONTACT, here, organisation=firm))
    other = make.member(here)

    assert contact.get("/figures", chain=here.pk).status_code == 200
    assert contact.get("/figures/needs/records", chain=here.pk).status_code == 404
    assert contact.get("/figures/needs/records", chain=here.pk, organisation=firm.pk).json()["total"] == 1
    assert contact.get("/figures", chain=here.pk, organisation=other.pk).status_code == 422
    assert contact.get("/figures", chain=make.chain().pk).status_code == 422
    assert caller(make.position(Role.STUDENT, here)).get("/figures", chain=here.pk).status_code == 403


def test_figure_list_of_days_that_make_no_period_is_refused(office, here):
    answer = office.get("/figures", chain=here.pk, every="any", first="2026-02-01", last="2026-01-01")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["last"])


def test_chain_analysis_and_analysis_settle(office, caller, here):
    place = make.segment(here, "回收")
    answer = office.get(f"/chains/{here.pk}/analysis").json()

    assert [(one["way"], one["segment"]) for one in answer["proposals"]] == [("complete", place.pk)]
    assert "回收" in answer["proposals"][0]["sentence"]
    settled = office.patch(f"/chains/{here.pk}/analysis", {"least_needs": 5})
    assert (settled.status_code, settled.json()["least_needs"], AnalysisRule.objects.get().few_members) == (
        200,
        5,
        1,
    )
    stale = office.patch(f"/chains/{here.pk}/analysis", {"least_needs": 6, "seen": 7})
    assert stale.status_code == 409
    assert office.patch(f"/chains/{make.chain().pk}/analysis", {"least_needs": 5}).status_code == 404
    leader = caller(make.position(Role.LEADER, here))
    assert leader.patch(f"/chains/{here.pk}/analysis", {"least_needs": 5}).status_code == 403


def test_briefing_make_and_briefing_list(office, caller, here, need):
    made = office.post("/briefings", {"chain": here.pk, "every": "year", "day": "2026-05-05"})
    row = Briefing.objects.get()

    assert (made.status_code, made.json()["id"], made.json()["first"]) == (201, row.pk, "2026-01-01")
    assert [one["id"] for one in office.get("/briefings", chain=here.pk).json()["items"]] == [row.pk]
    assert caller(make.position(Role.OFFICE_ADMIN)).get("/briefings").json()["items"] == []
    assert office.post("/briefings", {"chain": make.chain().pk}).status_code == 422
    assert caller(make.position(Role.LEADER, here)).post("/briefings", {"chain": here.pk}).status_code == 403
