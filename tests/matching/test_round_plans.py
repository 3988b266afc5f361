"""The plan of a round on its pages: unserved needs, picture, why and why not, changes, publishing, comparing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianqiao.lists.actions.moves import withdraw
from lianqiao.matching.models import Adjustment
from tests import factories as make
from tests.matching.round_pages import page

pytestmark = pytest.mark.django_db(transaction=True)


def test_round_missed_tells_why(office, here, clerk):
    make.entry("need", here.chain, title="种植蔬菜大棚", description="")
    row = make.held_round(here.chain, make.actor_of(clerk))

    told = page(office, "round_missed", row.pk)

    assert "种植蔬菜大棚" in told
    assert "没有足够接近的" in told


def test_round_missed_same_number_of_queries(office, here, clerk):
    def asked(row) -> int:
        page(office, "round_missed", row.pk)
        with CaptureQueriesContext(connection) as queries:
            page(office, "round_missed", row.pk)
        return len(queries)

    make.entry("need", here.chain, title="种植蔬菜大棚")
    one = asked(make.held_round(here.chain, make.actor_of(clerk)))
    for title in ("养蜂", "采茶"):
        make.entry("need", here.chain, title=title)

    assert asked(make.held_round(here.chain, make.actor_of(clerk))) == one


def test_round_picture_draws_a_line_for_each_two(office, here, ready):
    told = page(office, "round_picture", ready.pk)

    assert told.count("lq-sides-line") == 3
    assert f"giver=u{here.offers['造价'].unit_id}" in told


def test_round_picture_of_many_draws_one_giver_at_a_time(office, here, ready, monkeypatch):
    monkeypatch.setattr("lianqiao.matching.picture.MOST", 3)

    told = page(office, "round_picture", ready.pk)

    assert told.count('class="lq-sides-line"') == 1
    assert "一次画一个提供方" in told


def test_round_need_says_why_and_why_not(office, here, ready):
    told = page(office, "round_need", ready.pk, here.needs["甲"].pk)

    assert here.offers["造价"].title in told
    assert "为什么：契合度" in told
    assert "为什么不是它们" in told


def test_round_need_answers_for_any_other_by_its_number(office, here, ready):
    need, other = here.needs["甲"], here.offers["装饰"]

    told = page(office, "round_need", ready.pk, need.pk, kind="resource", number=other.number)
    itself = page(office, "round_need", ready.pk, need.pk, kind="resource", number=here.offers["造价"].number)
    nowhere = page(office, "round_need", ready.pk, need.pk, kind="resource", number=999_999)

    assert f"given={other.pk}" in told
    assert "方案里就是它" in itself
    assert "清单里没有这个序号" in nowhere


def test_round_change_shows_what_it_does_before_it_is_done(office, here, ready):
    need, other = here.needs["甲"], here.offers["装饰"]
    url = (
        reverse("round_change", args=[ready.pk, need.pk])
        + f"?taken={here.offers['造价'].pk}&given={other.pk}"
    )

    shown = office.get(url).content.decode()
    before = here.pairs(ready)
    answer = office.post(url, {"reason": "企业要求", "seen": ready.version}, follow=True)

    assert "会有什么影响" in shown
    assert here.needs["乙"].title in shown  # who loses the place
    assert before == {"甲": "造价", "乙": "装饰", "丙": "施工"}
    assert here.pairs(ready)["甲"] == "装饰"
    office.post(reverse("undo"), {"done": answer.context["done"]["token"]})
    assert here.pairs(ready) == before


def test_round_change_of_a_plan_that_moved_is_shown_anew(office, here, ready):
    url = reverse("round_change", args=[ready.pk, here.needs["甲"].pk]) + f"?taken={here.offers['造价'].pk}"

    answer = office.post(url, {"seen": ready.version + 1})

    assert "又有调整" in answer.content.decode()
    assert not Adjustment.objects.exists()


def test_round_changes_lists_each_and_undoes_it(office, here, ready):
    url = reverse("round_change", args=[ready.pk, here.needs["甲"].pk]) + f"?taken={here.offers['造价'].pk}"
    office.post(url, {"reason": "企业暂缓", "seen": ready.version})
    told = page(office, "round_changes", ready.pk)
    change = Adjustment.objects.get()

    assert "企业暂缓" in told
    office.post(reverse("round_change_undo", args=[ready.pk, change.pk]))
    assert here.pairs(ready)["甲"] == "造价"
    assert "已撤销" in page(office, "round_changes", ready.pk)


def test_round_publish_says_what_will_happen_and_does_it(office, ready):
    told = page(office, "round_publish", ready.pk)
    answer = office.post(reverse("round_publish", args=[ready.pk]))

    assert "3 条对接发给双方" in told
    assert answer.status_code == 302
    ready.refresh_from_db()
    assert ready.state == "published"


def test_round_drop_broken_takes_out_what_cannot_be_published(office, here, clerk, ready):
    withdraw(here.offers["造价"], by=make.actor_of(clerk))
    told = page(office, "round_publish", ready.pk)
    refused = office.post(reverse("round_publish", args=[ready.pk])).content.decode()
    office.post(reverse("round_drop_broken", args=[ready.pk]))
    office.post(reverse("round_publish", args=[ready.pk]))

    assert "已不在清单中" in told
    assert "不能发布" in refused
    ready.refresh_from_db()
    assert (ready.state, here.pairs(ready)) == ("published", {"乙": "装饰", "丙": "施工"})


def test_round_compare_tells_what_is_new_gone_and_changed(office, here, clerk, ready):
    by = make.actor_of(clerk)
    office.post(
        reverse("round_change", args=[ready.pk, here.needs["甲"].pk]) + f"?taken={here.offers['造价'].pk}",
        {"seen": ready.version},
    )
    other = make.held_round(here.chain, by, objective="best")

    told = page(office, "round_compare", ready.pk, other=other.pk)

    assert "新有着落" in told
    assert f"{here.needs['甲']} — {here.offers['造价']}" in told
    assert "目标" in told
