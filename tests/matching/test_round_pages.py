"""The pages of a round, as the office, a leader and others see them."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.matching.actions.rounds import begin_round, publish_round
from lianqiao.matching.models import Match, Round
from lianqiao.matching.policy import RoundRules, RoundScope, Wish
from tests import factories as make
from tests.matching.round_pages import OF_A_ROUND, page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_tells]


def test_round_list_same_number_of_queries(office, here, clerk):
    by = make.actor_of(clerk)

    def asked() -> int:
        page(office, "round_list")
        with CaptureQueriesContext(connection) as queries:
            page(office, "round_list")
        return len(queries)

    begin_round(by=by, chain=here.chain, title="一")
    one = asked()
    for title in ("二", "三"):
        begin_round(by=by, chain=here.chain, title=title)

    assert asked() == one


def test_round_add_leads_to_the_scope(office, here):
    answer = office.post(reverse("round_add"), {"chain": here.chain.pk, "title": "春季对接"})

    row = Round.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("round_scope", args=[row.pk]))
    assert row.title == "春季对接"


def test_round_add_like_another_takes_its_rules(office, here, ready):
    url = reverse("round_add") + f"?like={ready.pk}"
    office.post(url, {"chain": here.chain.pk, "title": "秋季对接"})

    assert Round.objects.get(title="秋季对接").rules == ready.rules


def scope(**facts):
    return {"kinds": ["resource", "service"], "underway": "on", **facts}


def test_round_scope_counts_what_takes_part(office, here, draft):
    firm = here.needs["甲"].organisation_id
    told = office.post(reverse("round_counts", args=[draft.pk]), scope(enterprises=[firm])).content.decode()
    office.post(reverse("round_scope", args=[draft.pk]), scope(enterprises=[firm], seen=draft.version))

    assert "1 条" in told
    assert "3 条" in told
    draft.refresh_from_db()
    assert RoundScope.of(draft.scope).enterprises == (firm,)


def test_round_scope_of_somebody_faster_keeps_what_was_typed(office, draft):
    Round.objects.filter(pk=draft.pk).update(version=7)

    answer = office.post(reverse("round_scope", args=[draft.pk]), scope(seen=draft.version))

    assert "已被他人修改" in answer.content.decode()


def test_round_rules_are_saved(office, here, draft):
    facts = {
        "objective": "best", "floor": "small", "wants": 2, "capacity": 3, "continuity": "none", "rest_after": 4,
        "district": "strong", f"most-u{here.offers['造价'].unit_id}": 5, "seen": draft.version,
    }  # fmt: skip

    answer = office.post(reverse("round_rules", args=[draft.pk]), facts)

    assert answer.status_code == 302
    draft.refresh_from_db()
    rules = RoundRules.of(draft.rules)
    assert (rules.objective, rules.floor, rules.wants, rules.capacity, rules.units_owed) == (
        "best",
        "small",
        2,
        3,
        False,
    )
    assert rules.unit_capacity == {f"u{here.offers['造价'].unit_id}": 5}


def test_round_wish_is_added_and_dropped_and_brought_back(office, here, draft):
    firm, giver = here.needs["甲"].organisation, here.offers["造价"].unit
    facts = {"kind": "never", "enterprise": firm.pk, "giver": f"u{giver.pk}", "reason": "有纠纷", "need": ""}
    office.post(reverse("round_wish", args=[draft.pk]), facts)
    draft.refresh_from_db()
    shown = page(office, "round_rules", draft.pk)

    assert RoundRules.of(draft.rules).wishes == (Wish("never", "有纠纷", enterprise=firm.pk, unit=giver.pk),)
    assert "有纠纷" in shown
    answer = office.post(
        reverse("round_wish_drop", args=[draft.pk]), {"wish": f"0@{draft.version}"}, follow=True
    )
    draft.refresh_from_db()
    assert RoundRules.of(draft.rules).wishes == ()
    office.post(reverse("undo"), {"done": answer.context["done"]["token"]})
    draft.refresh_from_db()
    assert len(RoundRules.of(draft.rules).wishes) == 1


def test_round_wish_for_a_need_that_is_not_there_is_told(office, here, draft):
    facts = {
        "kind": "must", "enterprise": here.needs["甲"].organisation_id, "need": 999_999,
        "giver": f"u{here.offers['造价'].unit_id}", "reason": "约定",
    }  # fmt: skip

    answer = office.post(reverse("round_wish", args=[draft.pk]), facts)

    assert "没有序号为 999999 的需求" in answer.content.decode()


def test_round_move_previews_then_runs(office, draft):
    office.post(reverse("round_move", args=[draft.pk, "preview"]))
    told = page(office, "round_detail", draft.pk)
    office.post(reverse("round_move", args=[draft.pk, "run"]))

    assert "预演结果" in told
    assert "这就是最好的方案" in told
    draft.refresh_from_db()
    assert draft.state == "ready"


def test_round_detail_shows_the_plan_with_reasons_and_bound(office, here, ready):
    told = page(office, "round_detail", ready.pk)

    for name, entry in here.needs.items():
        assert entry.title in told, name
    assert "这就是最好的方案（已证明）" in told
    assert "同属" in told or "双方都提到" in told


def test_round_detail_that_waits_for_a_job_is_shown_anew_as_a_whole_once_it_is_over(office, here, ready):
    answer = office.get(
        reverse("round_detail", args=[ready.pk]), headers={"HX-Request": "true", "X-Asked-By-Itself": "1"}
    )

    assert answer["HX-Refresh"] == "true"


def test_round_detail_same_number_of_queries(office, here, ready):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(office, "round_detail", ready.pk)
        return len(queries)

    Match.objects.filter(round=ready).exclude(need=here.needs["甲"]).delete()
    asked()
    one = asked()
    for name, offer in (("乙", "装饰"), ("丙", "施工")):
        need, given = here.needs[name], here.offers[offer]
        Match.objects.create(
            chain=here.chain, round=ready, origin="round", need=need, offer=given, enterprise=need.organisation,
            giver=given.organisation, unit=given.unit, score=0.2,
        )  # fmt: skip

    assert asked() == one


def test_round_detail_filters_and_exports_what_is_shown(office, here, ready):
    unit = here.offers["造价"].unit_id
    told = page(office, "round_detail", ready.pk, giver=f"u{unit}")
    file = office.get(reverse("round_detail", args=[ready.pk]), {"giver": f"u{unit}", "export": "xlsx"})

    assert here.needs["甲"].title in told
    assert here.needs["乙"].title not in told
    words = ZipFile(BytesIO(file.content)).read("xl/sharedStrings.xml").decode()
    assert here.needs["甲"].title in words
    assert here.needs["乙"].title not in words


def test_round_detail_as_leader_has_no_scores_and_no_private_rules(login, here, clerk):
    row = begin_round(by=make.actor_of(clerk), chain=here.chain, title="一轮", rules=RoundRules().with_wish(
        Wish("never", "机密理由", enterprise=here.needs["甲"].organisation_id, organisation=here.school.pk)
    ))  # fmt: skip
    leader = login(make.position(Role.LEADER, here.chain))
    drafted = page(leader, "round_detail", row.pk)
    login(clerk).post(reverse("round_move", args=[row.pk, "run"]))
    told = page(leader, "round_detail", row.pk)
    missed = page(leader, "round_missed", row.pk)

    assert "机密理由" not in drafted + told + missed
    assert "契合度" not in told + missed
    assert "不愿" not in missed
    assert leader.get(reverse("round_need", args=[row.pk, here.needs["甲"].pk])).status_code == 403


@pytest.mark.parametrize("name", OF_A_ROUND)
def test_round_of_another_chain_is_not_there(login, ready, name):
    stranger = login(make.position(Role.OFFICE_ADMIN))

    assert stranger.get(reverse(name, args=[ready.pk])).status_code == 404


@pytest.mark.parametrize("name", ["round_list", *OF_A_ROUND])
@pytest.mark.parametrize(
    "role", [None, Role.ENTERPRISE_CONTACT, Role.COLLEGE_CONTACT, Role.LIAISON, Role.STUDENT]
)
def test_round_is_no_page_of_the_sides(login, here, ready, name, role):
    client = login(make.position(role, here.chain) if role else None)

    answer = client.get(reverse(name, args=[] if name == "round_list" else [ready.pk]))

    assert answer.status_code == (403 if role else 302)


def test_round_move_discard_can_be_undone(office, ready):
    answer = office.post(reverse("round_move", args=[ready.pk, "discard"]), follow=True)
    office.post(reverse("undo"), {"done": answer.context["done"]["token"]})

    ready.refresh_from_db()
    assert ready.state == "ready"


def test_round_move_check_shows_that_it_is_the_same(office, ready):
    office.post(reverse("round_move", args=[ready.pk, "check"]))

    assert "复核无误" in page(office, "round_detail", ready.pk)


def test_round_move_close_ends_a_published_round(office, clerk, ready):
    publish_round(ready, by=make.actor_of(clerk), now=timezone.now())

    office.post(reverse("round_move", args=[ready.pk, "close"]))

    ready.refresh_from_db()
    assert ready.state == "closed"


def test_round_counts_of_a_round_that_was_run_is_not_there(office, ready):
    assert office.post(reverse("round_counts", args=[ready.pk]), scope()).status_code == 404
