"""强链、补链、延链: proposals with their evidence, and the thresholds that an office settles."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.insight import analysis as module
from lianqiao.insight.actions.briefings import settle_analysis
from lianqiao.insight.actions.noting import note_figures
from lianqiao.insight.analysis import analysis_of
from lianqiao.insight.models import AnalysisRule
from lianqiao.registry.models import SegmentLink
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import TODAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def segments(here):
    """Upstream -> middle -> downstream; four firms upstream, one in the middle, one below, nobody at the end."""
    up, middle, down, end = (
        make.segment(here, name, industries=["47"], column=n)
        for n, name in enumerate(["设计", "检测", "运维", "回收"])
    )
    for one, other in ((up, middle), (middle, down), (down, end)):
        SegmentLink.objects.create(upstream=one, downstream=other)
    for place, count in ((up, 4), (middle, 1), (down, 2)):
        for _ in range(count):
            make.member(here, "", place)
    return up, middle, down, end


def proposed(here, held):
    found = analysis_of(here, make.actor_of(held), TODAY)
    return [(one.way, one.reason, one.segment and one.segment.name) for one in found.proposals]


def test_analysis_completes_a_gap_and_reinforces_a_single_point(here, staff, segments):
    found = analysis_of(here, make.actor_of(staff), TODAY).proposals

    assert [(one.way, one.reason, one.segment.name) for one in found] == [
        ("complete", "gap", "回收"), ("reinforce", "single", "检测"),
    ]  # fmt: skip
    assert found[0].facts["around"] == ["运维"]
    assert found[1].facts["beyond"] == ["运维"]


def test_analysis_reinforces_where_needs_stay_unmatched(here, staff, segments):
    up, _, down, _ = segments
    asked_for = [rows.need(here, segment=up) for _ in range(4)]
    for need in asked_for[:2]:
        rows.match(need, rows.offer(here))
    for _ in range(2):
        rows.need(here, segment=down)  # too few to say anything

    assert proposed(here, staff)[2:] == [("reinforce", "unmatched", "设计")]
    rows.match(asked_for[2], rows.offer(here))
    assert proposed(here, staff)[2:] == []


def test_analysis_extends_towards_trades_that_needs_name_and_no_segment_stands_for(here, staff, segments):
    outside = [rows.need(here, industries=["6510"]) for _ in range(2)]
    rows.need(here, industries=["7210"])
    rows.need(here, industries=["4710"])
    rows.need(here, industries=["4710", "6510"])  # the chain has somebody for it

    found = [one for one in analysis_of(here, make.actor_of(staff), TODAY).proposals if one.way == "extend"]

    assert [(one.facts["code"], one.facts["needs"]) for one in found] == [("65", 2)]
    assert found[0].entries == outside[::-1]


def test_analysis_of_a_large_chain_reads_what_was_noted(here, staff, segments, monkeypatch):
    for _ in range(4):
        rows.need(here, segment=segments[0], industries=["6510"])
    note_figures(here, by=at_the_terminal("clock"), now=at(TODAY))
    live = analysis_of(here, make.actor_of(staff), TODAY)
    rows.need(here, segment=segments[0])
    monkeypatch.setattr(module, "LIVE_MOST", 1)
    stored = analysis_of(here, make.actor_of(staff), TODAY)

    assert [(line.needs, line.unmatched, line.supply) for line in stored.lines] == [
        (line.needs, line.unmatched, line.supply) for line in live.lines
    ]
    assert [one.facts for one in stored.proposals] == [one.facts for one in live.proposals]


def test_chain_analysis_shows_proposals_with_links_to_what_speaks_for_them(login, leader, here, segments):
    text = login(leader).get(reverse("chain_analysis", args=[here.pk])).content.decode()

    assert "补链：“回收”没有成员" in text
    assert f"segment={segments[3].pk}" in text
    assert login(leader).get(reverse("chain_analysis", args=[make.chain().pk])).status_code == 404


def test_analysis_rule_edit_by_the_office_changes_what_is_proposed(login, staff, leader, here, segments):
    for _ in range(2):
        rows.need(here, segment=segments[0])
    before = proposed(here, staff)
    url = reverse("analysis_rule_edit", args=[here.pk])
    facts = {"few_members": 1, "least_needs": 2, "unmatched_share": 50, "least_outside": 2}

    answer = login(staff).post(url, facts)

    assert answer.status_code == 302
    assert proposed(here, staff) == [*before, ("reinforce", "unmatched", "设计")]
    assert AuditEntry.objects.get(action="insight.settle_analysis").subject_id == str(
        AnalysisRule.objects.get().pk
    )
    assert login(leader).post(url, facts).status_code == 403
    assert login(staff).post(reverse("analysis_rule_edit", args=[make.chain().pk]), facts).status_code == 404


def test_analysis_rule_edit_refuses_what_was_changed_meanwhile_and_nonsense(login, staff, here):
    rule = settle_analysis(here, by=at_the_terminal("test"), least_needs=4)
    settle_analysis(here, by=at_the_terminal("test"), least_needs=5)
    url = reverse("analysis_rule_edit", args=[here.pk])
    facts = {"few_members": 1, "least_needs": 2, "unmatched_share": 50, "least_outside": 2}

    stale = login(staff).post(url, facts | {"seen": rule.version})
    wrong = login(staff).post(url, facts | {"unmatched_share": 101})

    assert (stale.status_code, wrong.status_code) == (200, 200)
    assert "占比不能超过 100%" in wrong.content.decode()
    assert AnalysisRule.objects.get().least_needs == 5
