"""What an entry's words say of its fields in the lists, and when somebody should look twice."""

from datetime import date
from decimal import Decimal

import pytest

from lianqiao_engine.capture import capture
from lianqiao_engine.capture.figures import figures_in

TODAY = date(2026, 3, 2)


def said(kind, words):
    return {one.field: one.value for one in figures_in(kind, words, TODAY)}


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("希望做幕墙检测，预算三十五万六千元", {"money": Decimal(356000)}),
        ("愿意拿1.5万元做课题", {"money": Decimal(15000)}),
        ("还差资金约260万元", {}),
        ("招聘焊工5名，月薪8000元", {"people": 5}),
        ("缺冷链司机四人", {"people": 4}),
        ("企业有党员9名，希望结对", {}),
        ("想找两家院校一起做", {"partners_wanted": 2}),
        ("希望年底前出结果", {"due_on": date(2026, 12, 31)}),
        ("9月底前需补充装配工60人", {"people": 60, "due_on": date(2026, 9, 30)}),
        ("三个月内要完成改造", {"due_on": date(2026, 6, 2)}),
        ("两位老师傅年底退休，想找徒弟", {}),
        ("希望5月在淮海文博园办一次培训", {"place": "淮海文博园"}),
    ],
)
def test_needs_say_money_people_partners_and_when_it_is_due(words, fields):
    assert said("need", words) == fields


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("五轴加工中心4台，对外开放", {"capacity": 4}),
        ("每期40人，学费全免", {"capacity": 40}),
        ("培训免费，每家限2人", {}),
        ("每周二、周四对外开放", {}),
        ("专利检索免费，有效期至2026年12月31日", {"ends_on": date(2026, 12, 31)}),
        ("实训室9月起可以对外接单", {"starts_on": date(2026, 9, 1)}),
        (
            "4月16日在冷链产业园报告厅办培训",
            {"starts_on": date(2026, 4, 16), "ends_on": date(2026, 4, 16), "place": "冷链产业园报告厅"},
        ),
    ],
)
def test_offers_say_how_many_and_from_when_to_when(words, fields):
    assert said("service", words) == fields


def test_each_figure_comes_with_the_words_that_say_it():
    [entry] = capture("甲建筑公司希望学校做幕墙检测，预算20万元以内。", today=TODAY).entries

    assert [(one.field, one.words) for one in entry.figures] == [("money", "20万元以内")]
    assert entry.figures[0].words in entry.sentence


@pytest.mark.parametrize(
    ("text", "sign", "doubts"),
    [
        ("甲建筑公司提出，希望学校提供幕墙检测的技术支持。", "wish", ()),
        ("甲建筑公司缺造价员3名。", "staff", ()),
        ("甲建筑公司缺懂幕墙的技工。", "missing", ()),
        ("“我们缺打版师”，参会企业纷纷表示。", "missing", ("group",)),
        ("甲建筑公司希望学校多来走走。", "wish", ("vague",)),
        ("淮海食品城管理处将发挥党员模范引领作用。", "offer", ("vague",)),
        ("淮海食品城管理处将组织专场招聘会。", "offer", ()),
    ],
)
def test_an_entry_says_why_it_was_found_and_what_is_doubtful(text, sign, doubts):
    [entry] = capture(text, today=TODAY).entries

    assert (entry.sign, entry.doubts) == (sign, doubts)
