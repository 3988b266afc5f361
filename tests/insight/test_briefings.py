"""A briefing of a period: made from records, kept as it was, in the layout of official papers."""

import hashlib
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.insight.actions.briefings import make_briefing
from lianqiao.insight.catalogue import FIGURES
from lianqiao.insight.models import Briefing
from lianqiao.insight.queries.reading import content_of
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import QUARTER, TODAY, ago, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(here, staff, firm):
    for _ in range(3):
        rows.need(here, ago(40), organisation=firm)
    rows.need(here, ago(1), organisation=firm)
    with translation.override("en"):
        return make_briefing(here, QUARTER, by=make.actor_of(staff), now=at(TODAY))


def test_make_briefing_writes_figures_sentences_and_definitions_in_official_layout(here, made):
    paper = Document(BytesIO(content_of(made)))
    section, texts = paper.sections[0], [paragraph.text for paragraph in paper.paragraphs]

    assert (made.title, texts[0]) == ("建筑产业链“双提升”简报（2026 年第 4 季度）", "建筑产业链“双提升”简报")
    assert [
        round(margin.mm) for margin in (section.top_margin, section.left_margin, section.right_margin)
    ] == [37, 28, 26]
    assert [text for text in texts if text[1:2] == "、"] == [
        "一、总体情况", "二、主要指标", "三、待解决的问题", "四、分项情况", "五、强链补链延链建议", "六、指标说明",
    ]  # fmt: skip
    assert "卡住的：有 3 条需求发布超过 30 天，还没有对接。" in texts
    cells = {row.cells[0].text: row.cells[1].text for row in paper.tables[0].rows}
    assert (cells["需求数"], cells["需求对接率"], cells["需求到签约用时"]) == ("4", "0", "—")
    assert texts[-1] == "2026年11月26日"
    assert sum(str(figure.definition) in text for figure in FIGURES for text in texts) == len(FIGURES)


def test_make_briefing_is_kept_as_it_was_made(here, made, staff):
    rows.need(here, TODAY)
    again = make_briefing(here, QUARTER, by=make.actor_of(staff), now=at(TODAY, 11))

    needs = [next(f["value"] for f in row.figures if f["code"] == "needs") for row in (made, again)]
    assert needs == [4, 5]
    assert hashlib.sha256(content_of(made)).hexdigest() == made.sha256
    assert Briefing.objects.count() == 2
    assert "content" not in AuditEntry.objects.filter(action="insight.make_briefing").first().after


def test_make_briefing_of_another_chain_or_by_others_is_refused(here):
    for role in (Role.LEADER, Role.AUDITOR, Role.ENTERPRISE_CONTACT):
        with pytest.raises(NotPermitted):
            make_briefing(here, QUARTER, by=make.actor(role, here), now=at(TODAY))
    with pytest.raises(NotPermitted):
        make_briefing(here, QUARTER, by=make.actor(Role.OFFICE_ADMIN), now=at(TODAY))
    assert Briefing.objects.count() == 0


def test_briefing_make_by_the_office_stands_in_the_list(login, staff, leader, here):
    url = reverse("briefing_make", args=[here.pk])
    answer = login(staff).post(url, {"every": "month", "day": "2026-10-05"})
    row = Briefing.objects.get()

    assert (answer.status_code, row.first.isoformat(), row.last.isoformat()) == (
        302,
        "2026-10-01",
        "2026-10-31",
    )
    assert row.title in login(leader).get(reverse("briefing_list")).content.decode()
    assert login(leader).get(url).status_code == 403
    assert login(staff).get(reverse("briefing_make", args=[make.chain().pk])).status_code == 404


def test_briefing_make_of_no_period_is_told(login, staff, here):
    answer = login(staff).post(
        reverse("briefing_make", args=[here.pk]), {"every": "any", "first": "2026-10-05"}
    )

    assert (answer.status_code, Briefing.objects.count()) == (200, 0)
    assert "请填写起止日期" in answer.content.decode()


def test_briefing_download_gives_the_document_to_who_oversees_the_chain(login, leader, made):
    answer = login(leader).get(reverse("briefing_download", args=[made.pk]))
    stranger = login(make.position(Role.OFFICE_ADMIN))

    assert answer.content == content_of(made)
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert AuditEntry.objects.filter(action="export", subject_id=str(made.pk)).count() == 1
    assert stranger.get(reverse("briefing_download", args=[made.pk])).status_code == 404


def test_briefing_list_same_number_of_queries(login, leader, here, staff, django_assert_num_queries):
    client = login(leader)
    for number in (1, 2):
        for _ in range(number):
            make_briefing(here, QUARTER, by=make.actor_of(staff), now=at(TODAY))
        with django_assert_num_queries(10):
            client.get(reverse("briefing_list"))
