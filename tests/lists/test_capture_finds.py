"""What a text's finds say of themselves: figures, why they are sure, how they are grouped, where they stand."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.models import CapturedEntry, Entry
from tests import factories as make

from .captures import NEED, captured, filled, shown, written

pytestmark = pytest.mark.sqlite_tells


@pytest.mark.django_db
def test_capture_review_writes_what_the_sentence_says_in_figures(clerk, here, firm):
    text = "甲建筑公司希望年底前做一次幕墙检测，预算20万元以内。\n甲建筑公司招聘焊工5名。"
    capture = captured(clerk, here, text)
    form = shown(clerk, capture)

    written(clerk, capture, money_0="180000")

    assert form.figures == {0: ["due_on", "money"], 1: ["people"]}
    assert form.fields["money-0"].help_text == "“20万元以内”"
    rows = Entry.objects.order_by("id").values_list("due_on", "money", "people")
    assert list(rows) == [(date(2026, 12, 31), Decimal(180000), None), (None, None, 5)]


@pytest.mark.django_db
def test_capture_review_refuses_days_in_the_wrong_order(clerk, here):
    capture = captured(clerk, here, "江苏建筑职业技术学院将于11月3日到7日开放实训基地。")

    data = filled(shown(clerk, capture), **{"ends_on-0": "2026-11-01"})
    answer = clerk.post(reverse("capture_review", args=[capture.pk]), data)

    assert [*answer.context["form"].errors] == ["ends_on-0"]
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_review_proposes_the_segment_where_the_register_has_the_organisation(clerk, here, firm):
    there, named = make.segment(here), make.segment(here)
    firm.memberships.get().segments.set([there])
    capture = captured(
        clerk, here, f"甲建筑公司希望学校提供幕墙检测的技术支持。甲建筑公司缺{named.name}的技工3名。"
    )

    form = shown(clerk, capture)

    assert [form[f"segment-{n}"].value() for n in (0, 1)] == [str(there.pk), str(named.pk)]


@pytest.mark.django_db
def test_capture_review_ticks_only_what_is_sure_and_says_why_not(clerk, here, firm):
    capture = captured(
        clerk,
        here,
        "甲建筑公司希望学校提供幕墙检测的技术支持。\n甲建筑公司希望学校多来走走。\n"
        "“我们缺打版师”，参会企业纷纷表示。\n恒源建材有限公司希望招聘造价员10名。",
    )

    page = clerk.get(reverse("capture_review", args=[capture.pk]))
    form = page.context["form"]

    assert [form.doubts[at] for at in range(4)] == [[], ["vague"], ["group"], ["unknown_name"]]
    assert [form[f"take-{at}"].value() for at in range(4)] == [True, False, False, False]
    for sentence in (
        "没有说出具体的事或物",
        "没有说是哪一家",
        "这个单位没有登记",
        "登记的单位说希望得到什么",
    ):
        assert sentence in page.content.decode()


@pytest.mark.django_db
def test_capture_review_groups_finds_and_lists_words_as_the_language_does(clerk, here):
    text = "2026年10月24日，江苏建筑职业技术学院与甲建筑公司在淮海文博园签署党建共建协议、校企共建协议。"
    capture = captured(clerk, here, text)
    url = reverse("capture_review", args=[capture.pk])

    chinese = clerk.get(url).content.decode()
    english = clerk.get(url, headers={"Accept-Language": "en"}).content.decode()

    assert "<br>江苏建筑职业技术学院、甲建筑公司" in chinese
    assert "<br>江苏建筑职业技术学院, 甲建筑公司" in english
    assert "江苏建筑职业技术学院 — 甲建筑公司" in chinese
    assert "淮海文博园" in chinese


@pytest.mark.django_db
def test_capture_text_marks_the_sentence_that_an_entry_comes_from(clerk, login, here, firm):
    capture = captured(clerk, here)
    written(clerk, capture)
    made = CapturedEntry.objects.get(entry__source_sentence=NEED)
    url = f"{reverse('capture_text', args=[capture.pk])}?line={made.line}"

    page = clerk.get(reverse("entry_detail", args=[made.entry_id])).content.decode()
    text = clerk.get(url).content.decode()
    owner = login(make.position(Role.ENTERPRISE_CONTACT, here, organisation=firm))

    assert f'href="{url}#said"' in page
    assert f'<mark id="said">{NEED}</mark>' in text
    assert "恒源建材有限公司希望招聘造价员10名" in text
    assert (
        f"/captures/{capture.pk}"
        not in owner.get(reverse("entry_detail", args=[made.entry_id])).content.decode()
    )
    assert owner.get(url).status_code == 403
    assert login(make.position(Role.LIAISON, here)).get(url).status_code == 404
    assert "<mark" not in clerk.get(reverse("capture_text", args=[capture.pk])).content.decode()
    assert clerk.get(url.replace(f"line={made.line}", "line=999999")).status_code == 200
