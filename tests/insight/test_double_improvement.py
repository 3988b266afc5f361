"""The pages of figures: what each person sees of them, down to the records."""

from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.insight.catalogue import FIGURES
from lianqiao.insight.period import period_of
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import at

pytestmark = pytest.mark.django_db
BOARD = reverse("double_improvement")


def page(code, chain, name="figure_detail", **query):
    return (
        reverse(name, args=[code])
        + "?"
        + "&".join(f"{key}={value}" for key, value in {"chain": chain.pk, **query}.items())
    )


@pytest.fixture
def filled(here, school, college, firm):
    """One of everything, today, of the firm and the college."""
    today = make.today()
    need = rows.need(here, today, organisation=firm, title="幕墙检测培训")
    match = rows.match(need, rows.offer(here, today, organisation=school, unit=college), today)
    held = rows.agreement(
        here, college, firm, day=today, matches=[match], dimensions=["teaching"], title="至安共建协议"
    )
    rows.due(held, today)
    done = rows.project(
        here, firm, school, today, holder_unit=college, dimensions=["research"], title="至安幕墙项目"
    )
    rows.outcome(done, rows.outcome_kind(here), 30, today)
    rows.left(rows.held(here, today), need)
    return need


def test_double_improvement_tells_the_leader_six_figures_and_three_sentences(login, leader, filled):
    answer = login(leader).get(BOARD)
    text = answer.content.decode()

    assert answer.status_code == 200
    assert [told["figure"].code for told in answer.context["headlines"]] == [
        "plus_one", "times_three", "dimensions", "signing_time", "matched", "party_reached",
    ]  # fmt: skip
    assert [sentence.code for sentence in answer.context["sentences"]] == [
        "improved", "nothing_stuck", "nothing_proposed",
    ]  # fmt: skip
    assert "由 1 条记录算出" in text
    assert "没有卡住的" in text


def test_double_improvement_moves_when_an_outcome_is_confirmed(login, leader, filled, here, firm, school):
    before = told(login(leader).get(BOARD))
    rows.outcome(filled.chain.projects.first(), rows.outcome_kind(here, "论文", "篇"), 2, make.today())

    assert (before["outcomes"], told(login(leader).get(BOARD))["outcomes"]) == (1, 2)


def told(answer):
    groups = ("headlines", "others", "stuck")
    return {
        one["figure"].code: one["standing"].measured.value
        for group in groups
        for one in answer.context[group]
    }


def test_double_improvement_of_an_empty_chain_makes_no_number_up(login, leader):
    values = told(login(leader).get(BOARD))

    assert {value for code, value in values.items()} == {None, 0.0}


def test_double_improvement_over_any_two_days(login, leader, filled):
    client, today = login(leader), make.today()

    over = client.get(BOARD, {"every": "any", "first": "2020-01-01", "last": "2020-12-31"})
    wrong = client.get(BOARD, {"every": "any", "first": "2020-02-01", "last": "2020-01-31"})

    assert told(over)["needs"] == 0
    # What makes no period is told, and the running quarter shown.
    assert "结束日期不能早于开始日期" in wrong.content.decode()
    assert wrong.context["period"] == period_of("quarter", today)


def test_double_improvement_is_for_the_own_chain_alone(login, leader, filled):
    client, there = login(leader), make.chain()
    office = login(make.position(Role.OFFICE_STAFF, there))

    assert office.get(BOARD, {"chain": filled.chain_id}).status_code == 404
    assert office.get(page("needs", filled.chain, "figure_rows")).status_code == 404
    assert client.get(BOARD, {"chain": "x"}).status_code == 404
    assert login(make.position(Role.STUDENT, filled.chain)).get(BOARD).status_code == 403
    assert login().get(BOARD).status_code == 302


def test_double_improvement_export_holds_every_figure_with_its_definition(login, staff, filled):
    answer = login(staff).get(BOARD, {"export": "xlsx"})

    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == [str(figure.name) for figure in FIGURES]
    assert all(row[6] and row[7] for row in sheet[1:])
    assert AuditEntry.objects.filter(action="export", subject_label="双提升").count() == 1


def test_figure_detail_tells_definition_formula_curve_and_what_others_published(login, leader, filled):
    answer = login(leader).get(page("matched", filled.chain))
    text = answer.content.decode()

    assert "÷ 发布的需求数" in text
    assert "别处公布的数" in text
    assert len(answer.context["points"]) == 12
    assert answer.context["points"][-1][1] == 100
    assert answer.context["curve"]["published"]["value"] == 27


def test_figure_detail_of_what_is_not_there_is_not_found(login, leader, contact, filled):
    client = login(leader)

    assert client.get(page("nonsense", filled.chain)).status_code == 404
    assert client.get(page("coverage", filled.chain, organisation=contact.organisation_id)).status_code == 404
    assert client.get(page("needs", filled.chain, segment=999)).status_code == 404


def test_figure_rows_are_exactly_the_records_counted(login, staff, filled, here):
    rows.need(here, make.today(), state="withdrawn")
    answer = login(staff).get(page("matched", here, "figure_rows"))

    listed = [(row.title, row.counted) for row, _ in answer.context["listing"].table]
    assert (filled.title, True) in listed
    assert [counted for _, counted in listed] == [False, True]
    assert answer.context["hidden"] == 0


def test_figure_rows_of_places_stand_in_two_lists(login, staff, filled, here, firm, college):
    client = login(staff)
    one = client.get(page("plus_one", here, "figure_rows"))
    two = client.get(page("plus_one", here, "figure_rows", source=1))

    assert [row for row, _ in one.context["listing"].table] == [firm]
    assert [row for row, _ in two.context["listing"].table] == [college]
    assert client.get(page("plus_one", here, "figure_rows", source=2)).status_code == 404


@pytest.mark.parametrize("code", [figure.code for figure in FIGURES])
def test_figure_rows_of_each_figure_are_listed_and_exported(login, staff, filled, here, code):
    client = login(staff)

    assert client.get(page(code, here, "figure_rows")).status_code == 200
    assert client.get(page(code, here, "figure_rows", export="xlsx")).status_code == 200


def test_figure_rows_that_a_leader_may_not_read_are_only_counted(login, leader, here, firm):
    rows.need(here, make.today(), organisation=firm, audience="office", title="不公开的需求")
    answer = login(leader).get(page("needs", here, "figure_rows"))

    assert "不公开的需求" not in answer.content.decode()
    assert answer.context["hidden"] == 1
    assert "另有 1 条计入了指标" in answer.content.decode()


def test_figure_rows_same_number_of_queries(login, staff, here, django_assert_num_queries):
    client, count = login(staff), 15
    for number in (1, 2):
        for _ in range(number):
            need = rows.need(here, make.today())
            rows.match(need, rows.offer(here), make.today())
        with django_assert_num_queries(count):
            client.get(page("matched", here, "figure_rows"))


def test_double_improvement_same_number_of_queries(
    login, leader, here, school, filled, django_assert_max_num_queries
):
    """Twenty figures, each now and before: bounded, and no more of them with more records."""
    client, counts = login(leader), []
    for _ in range(2):
        with django_assert_max_num_queries(170) as asked:
            client.get(BOARD)
        counts.append(len(asked))
        for _ in range(2):
            other = make.member(here)
            need = rows.need(here, make.today(), organisation=other)
            match = rows.match(need, rows.offer(here, organisation=school), make.today())
            rows.agreement(here, school, other, day=make.today(), matches=[match], dimensions=["research"])
            rows.outcome(
                rows.project(here, other, school, make.today()),
                rows.outcome_kind(here, other.name[-20:]),
                9,
                make.today(),
            )

    assert counts[0] == counts[1]


def test_figures_of_a_segment_an_enterprise_and_a_college(login, staff, filled, here, firm, school, college):
    place = make.segment(here)
    firm.memberships.first().segments.add(place)
    rows.need(here, make.today())
    client = login(staff)

    at_segment = told(client.get(BOARD, {"chain": here.pk, "segment": place.pk}))
    of_firm = told(client.get(BOARD, {"chain": here.pk, "organisation": firm.pk}))
    of_college = told(client.get(BOARD, {"chain": here.pk, "unit": college.pk}))
    of_peer = told(client.get(BOARD, {"chain": here.pk, "organisation": make.member(here).pk}))

    assert (at_segment["agreements"], at_segment["projects"], at_segment["needs"]) == (1, 1, 0)
    assert (of_firm["needs"], of_firm["agreements"], of_firm["outcomes"], of_firm["times_three"]) == (
        1,
        1,
        1,
        1,
    )
    assert (of_college["agreements"], of_college["projects"], of_college["dimensions"]) == (1, 1, 2)
    assert "needs" not in of_college
    assert set(of_peer.values()) == {None, 0.0}


def test_organisation_detail_and_unit_detail_show_their_figures(
    login, contact, teacher, filled, firm, college
):
    mine = login(contact).get(reverse("organisation_detail", args=[firm.pk])).content.decode()
    ours = login(teacher).get(reverse("unit_detail", args=[college.pk])).content.decode()

    assert ("需求对接率" in mine, "有效协议" in ours) == (True, True)


def test_period_words_are_those_of_an_office():
    day = at(make.today()).date().replace(year=2026, month=11, day=26)

    assert [period_of(every, day).label for every in ("month", "quarter", "year")] == [
        "2026 年 11 月", "2026 年第 4 季度", "2026 年",
    ]  # fmt: skip
