"""One rule a test, each with the text that would break it."""

from datetime import date
from decimal import Decimal

import pytest

from lianqiao_engine.capture import BadText, Captured, Known, Pair, capture
from lianqiao_engine.values import Amount, Period

TODAY = date(2025, 6, 1)


def of(text: str, *known: str) -> Captured:
    return capture(text, known=[Known(name) for name in known], today=TODAY)


def said(found: Captured) -> list[tuple[str, str, str]]:
    return [(one.kind, one.who, one.text) for one in found.entries]


def test_branch_stands_for_its_firm_in_pairs_and_for_itself_among_parties():
    found = of("机械学院与江苏甲乙机床有限公司党支部签署校企共建协议。")

    (agreement,) = found.agreements
    assert agreement.parties == ("机械学院", "江苏甲乙机床有限公司党支部")
    assert agreement.pairs == found.pairs == (Pair("机械学院", "江苏甲乙机床有限公司"),)


def test_two_kinds_of_paper_with_one_word():
    found = of("机械学院与江苏甲乙机床有限公司签署党建共建、校企共建协议。")

    assert found.agreements[0].kinds == ("党建共建协议", "校企共建协议")


def test_school_with_chain_is_an_agreement_and_no_pair():
    found = of(
        "江苏建设职业学院与云东区建筑产业链党组织签署党建共建协议，装饰学院与江苏甲乙建筑有限公司签署校企共建协议。"
    )

    assert [one.parties for one in found.agreements] == [
        ("江苏建设职业学院", "云东区建筑产业链党组织"),
        ("装饰学院", "江苏甲乙建筑有限公司"),
    ]
    assert found.pairs == (Pair("装饰学院", "江苏甲乙建筑有限公司"),)


@pytest.mark.parametrize(
    "text",
    [
        "机械学院拟与江苏甲乙机床有限公司签署协议。",
        "机械学院与江苏甲乙机床有限公司尚未签署协议。",
        "机械学院计划与江苏甲乙机床有限公司签订合作协议。",
        "机械学院与江苏甲乙机床有限公司正在洽谈签约事宜。",
    ],
)
def test_what_is_not_signed_is_no_agreement(text: str):
    assert of(text).agreements == ()


def test_lists_of_two_and_three_do_not_become_a_cross_product():
    found = of(
        "机械学院、材料学院与江苏甲乙机床有限公司、江苏丙丁铸造有限公司、江苏戊己模具有限公司签署协议。"
    )

    assert len(found.agreements) == 1
    assert found.pairs == ()


def test_both_sides_are_the_two_named_before():
    found = of("江苏甲乙机床有限公司来到江苏大学机械学院座谈。双方签订了产学研合作协议。")

    assert found.pairs == (Pair("江苏大学机械学院", "江苏甲乙机床有限公司"),)


@pytest.mark.parametrize(
    "text",
    [
        "江苏甲乙机床有限公司表示，用工难问题已经解决。",
        "江苏甲乙机床有限公司表示，目前没有新的需求。",
        "江苏甲乙机床有限公司表示，企业不缺资金，也不需要贷款。",
        "江苏甲乙机床有限公司表示，去年曾急需20名焊工。",
        "云东区商务局表示，希望双方加强合作，早日取得圆满成功。",
    ],
)
def test_what_is_solved_denied_past_or_polite_is_no_need(text: str):
    assert [one for one in of(text).entries if one.kind == "need"] == []


def test_need_that_a_later_sentence_calls_solved_is_closed():
    found = of("江苏甲乙机床有限公司反映急需20名焊工。该问题已由区人社局协调解决。")

    assert found.entries == ()


def test_praise_by_a_firm_is_no_resource_of_the_school():
    assert of("“江苏大学师资雄厚，设备先进。”江苏甲乙机床有限公司总经理王宏说。").entries == ()


def test_quoted_wishes_are_single_entries_of_their_own_sentences():
    text = "“希望提供新工艺、新材料的支持……”“我们缺检测设备……”参会企业负责人纷纷说。"

    found = of(text)

    assert [(one.who, one.sentence) for one in found.entries] == [
        ("参会企业", "“希望提供新工艺、新材料的支持……”"),
        ("参会企业", "“我们缺检测设备……”"),
    ]


def test_counted_items_are_split_and_read():
    found = of("江苏甲乙机床有限公司：招聘车工3名、钳工5名。\n")

    assert [(one.text, one.amounts) for one in found.entries] == [
        ("招聘车工3名", (Amount(Decimal(3), Decimal(3), "名"),)),
        ("钳工5名", (Amount(Decimal(5), Decimal(5), "名"),)),
    ]


def test_date_of_a_need_takes_the_year_of_the_text():
    found = of("2024年9月3日\n江苏甲乙机床有限公司表示，急需3名焊工，最好10月底前到岗。")

    assert found.entries[0].period == Period(None, date(2024, 10, 31))


def test_short_name_that_the_text_introduces_is_the_same_organisation():
    found = of("江苏甲乙机床有限公司（以下简称“甲乙机床”）急需焊工3名。甲乙机床还缺铣工2名。")

    assert [one.who for one in found.entries] == ["江苏甲乙机床有限公司"] * 2
    assert found.organisations[0].forms == ("江苏甲乙机床有限公司", "甲乙机床")


def test_name_with_a_slip_is_matched_to_the_registry():
    found = of("江苏博智工程咨询公司急需造价师2名。", "江苏博智工程咨询有限公司", "江苏启平建筑工程有限公司")

    (organisation,) = found.organisations
    assert organisation.known == "江苏博智工程咨询有限公司"
    assert 0.9 <= organisation.certainty <= 1


def test_name_of_the_registry_that_no_rule_sees_is_found():
    found = of("甲乙同创急需造价师2名。", "甲乙同创")

    assert [(one.name, one.kind) for one in found.organisations] == [("甲乙同创", "enterprise")]


def test_short_name_of_the_registry_is_the_one_firm_that_is_called_so():
    known = ("江苏博智工程咨询有限公司", "江苏启平建筑工程有限公司")

    found = of("经管学院与博智咨询签署校企共建协议。", *known)

    assert found.pairs == (Pair("经管学院", "江苏博智工程咨询有限公司"),)


def test_branch_is_not_matched_to_its_firm_in_the_registry():
    found = of("江苏甲乙机床有限公司党支部开展主题党日活动。", "江苏甲乙机床有限公司")

    assert {one.kind: one.known for one in found.organisations} == {
        "party_branch": "",
        "enterprise": "江苏甲乙机床有限公司",
    }


def test_page_around_a_news_text_is_no_content():
    found = of(
        "首页 > 新闻\n企业急需人才\n来源：某报 编辑：某某 2025-05-06\n"
        "江苏大学将开放实验室。\n商务合作：025-88888888\n版权声明：江苏某传媒集团，未经许可不得转载。\n"
    )

    assert said(found) == [("resource", "江苏大学", "江苏大学将开放实验室")]
    assert [one.name for one in found.organisations] == ["江苏大学"]


def test_instructions_of_a_notice_are_no_needs():
    assert of("各企业：\n参会企业需携带营业执照，需于5月3日前报名。\n").entries == ()


@pytest.mark.parametrize(("text", "what"), [(" \n ", "nothing in it"), ("一" * 200_001, "too long")])
def test_text_that_cannot_be_captured_is_refused(text: str, what: str):
    with pytest.raises(BadText) as refusal:
        of(text)

    assert refusal.value.what == what
