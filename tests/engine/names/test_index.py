import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao_engine.names import NameIndex, Reason, duplicates_of

CHAIN = [
    ("1", "江苏博智工程咨询有限公司"),
    ("2", "江苏启平建筑工程有限公司"),
    ("3", "江苏至尊建筑劳务有限公司"),
    ("4", "云川宏达建设工程有限公司"),
    ("5", "江苏建筑职业技术学院"),
    ("6", "淮海食品城管理处"),
    ("7", "徐州市第一建筑安装工程有限公司"),
    ("8", "云川远航装饰工程有限公司"),
]
INDEX = NameIndex(CHAIN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("博智", "1"),
        ("博智咨询", "1"),
        ("江蘇博智工程諮詢有限公司", "1"),
        ("博智（江苏）工程咨询有限公司", "1"),
        ("江苏博智工程咨询有限公司".encode().decode("latin-1"), "1"),
        ("江苏起平建筑工程有限公司", "2"),
        ("齐平建筑", "2"),
        ("江苏启平建筑工程有限责任公司党支部", "2"),
        ("至尊劳务", "3"),
        ("江苏至尊建筑劳务有限公", "3"),
        ("云川宏达建设有限公司", "4"),
        ("云川市宏达建设工程有限责任公司", "4"),
        ("云川宏达建没工程有限公司", "4"),
        ("江苏建院", "5"),
        ("淮海食品城", "6"),
        ("徐州一建", "7"),
        ("云川远航建筑装饰有限公司", "8"),
    ],
)
def test_duplicates_of_a_variant_warns_of_the_one_organisation(typed, meant):
    assert [likely.code for likely in duplicates_of(typed, INDEX)] == [meant]


@pytest.mark.parametrize(
    "typed",
    [
        "云川宏远建设工程有限公司",
        "徐州市第二建筑安装工程有限公司",
        "江苏江建建筑工程有限公司",
        "江苏博智软件科技有限公司",
        "宏达幕墙有限公司",
        "江苏启平建筑工程协会",
        "江苏",
        "建设",
        "有限公司",
        "",
        "（）",
    ],
)
def test_duplicates_of_another_organisation_warns_of_nothing(typed):
    assert duplicates_of(typed, INDEX) == []


def test_likely_same_name_is_certain():
    found = INDEX.likely("江苏博智工程咨询有限公司", k=1)[0]

    assert (found.code, found.score, found.reasons) == (
        "1",
        1.0,
        (Reason("same", 1.0, (("江苏博智工程咨询", "江苏博智工程咨询"),)),),
    )


def test_likely_short_name_tells_the_pieces_that_agree():
    found = INDEX.likely("博智咨询", k=1)[0]

    assert found.reasons == (Reason("short_name", 0.5, (("博智", "博智"), ("咨询", "咨询"))),)


def test_likely_homophone_in_traditional_characters_tells_both():
    found = INDEX.likely("江蘇齊平建筑工程", k=1)[0]

    assert found.reasons == (
        Reason("similar", 1.0, (("江苏齐平建筑工程", "江苏启平建筑工程"),)),
        Reason("homophone", 1 / 8, (("齐", "启"),)),
        Reason("damaged_or_traditional", 1.0, (("江蘇齊平建筑工程", "江苏启平建筑工程有限公司"),)),
    )


def test_likely_full_name_is_found_by_a_short_name_in_the_index():
    index = NameIndex([("1", "博智咨询"), ("2", "远航装饰")])

    assert [likely.code for likely in duplicates_of("江苏博智工程咨询有限公司", index)] == ["1"]


def test_likely_organisation_with_a_former_name_appears_once_under_the_better_name():
    index = NameIndex(
        [("1", "云川远航装饰有限公司"), ("1", "云川宏达装饰有限公司"), ("2", "云川启明装饰有限公司")]
    )

    assert [(likely.code, likely.name) for likely in index.likely("宏达装饰")] == [
        ("1", "云川宏达装饰有限公司"),
        ("2", "云川启明装饰有限公司"),
    ]


def test_likely_equal_names_are_ordered_by_code():
    index = NameIndex([("b", "宏达建设有限公司"), ("a", "宏达建设有限公司")])

    assert [likely.code for likely in index.likely("宏达")] == ["a", "b"]


def test_likely_k_below_one_is_refused():
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        INDEX.likely("博智", k=0)


def test_likely_of_an_empty_index_is_nothing():
    assert NameIndex([]).likely("博智") == []


NAMES = st.text(
    "江苏徐州云川宏达远博智启平起齐建设筑工程咨询有限公司集团学院(第一二)", max_size=14
) | st.text(max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, max_size=8), NAMES, st.randoms(use_true_random=False))
def test_likely_does_not_depend_on_the_order_of_names(names, query, chance):
    listed = [(str(number), name) for number, name in enumerate(names)]
    shuffled = list(listed)
    chance.shuffle(shuffled)

    found = NameIndex(listed).likely(query)

    assert found == NameIndex(shuffled).likely(query)
    assert all(0 <= likely.score <= 1 for likely in found)


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_likely_score_is_the_same_whichever_name_is_asked_for(one, other):
    index = NameIndex([("1", one), ("2", other)])
    there = [likely.score for likely in index.likely(one) if likely.code == "2"]
    back = [likely.score for likely in index.likely(other) if likely.code == "1"]

    assert there == back
