from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.values import UNLIMITED, Amount, Refused, read_amount, read_count, read_number

from . import written

FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万亿", "萬億")
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@given(st.integers(0, 10**16 - 1))
def test_a_number_written_in_chinese_is_read_back(value):
    text = written.number(value)

    assert read_number(text) == value
    assert read_number(text.translate(FINANCIAL)) == value
    assert read_number(text.translate(TRADITIONAL)) == value


@given(st.decimals(0, 10**9, places=2))
def test_a_number_in_digits_is_read_back_in_every_dress(value):
    assert read_number(str(value)) == value
    assert read_number(f"{value:,}") == value
    assert read_number(f" {value:,} ".translate(WIDE)) == value


@given(st.integers(1, 10**6), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_digits_with_a_chinese_unit_are_read_back(value, unit):
    text, size = unit

    assert read_number(f"{Decimal(value) / 100}{text}") == Decimal(value) * size / 100


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("两", 2),
        ("一百二", 120),
        ("三万五", 35_000),
        ("百万", 10**6),
        ("三点五", Decimal("3.5")),
        ("二〇二四", 2024),
    ],
)
def test_spoken_short_forms(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "三十百", "一万三万", "1,20", "1.2.3", "十十", "点五", "nan", "inf", "1e5", "甲"]
)
def test_what_is_no_number_is_refused(text):
    assert read_number(text) is Refused.NO_NUMBER


def test_a_negative_number_and_a_truth_value_are_refused():
    assert (read_number(-5), read_number("-5"), read_number(True)) == (
        Refused.NEGATIVE,
        Refused.NEGATIVE,
        Refused.NO_NUMBER,
    )


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    assert isinstance(read_number(text), Decimal | Refused)
    assert isinstance(read_amount(text), Amount | Refused)


def ends(text):
    amount = read_amount(text)
    return (amount.low, amount.high, amount.unit, amount.rough)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("约20", (20, 20, "", True)),
        ("20余人", (20, None, "人", True)),
        ("20余万", (200_000, None, "", True)),
        ("3-5", (3, 5, "", False)),
        ("三至五家", (3, 5, "家", False)),
        ("3－5万", (30_000, 50_000, "", False)),
        ("每学期2次", (2, 2, "次", False)),
        ("2场/年", (2, 2, "场", False)),
        ("不超过50人", (None, 50, "人", False)),
        ("50人以内", (None, 50, "人", False)),
        ("至少5", (5, None, "", False)),
        ("两三家左右", (2, 3, "家", True)),
        ("十几人", (11, 19, "人", True)),
        ("30（人）", (30, 30, "", False)),
        ("若干", (None, None, "", False)),
    ],
)
def test_words_around_a_number_are_understood(text, expected):
    assert ends(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("不限", UNLIMITED),
        ("若干", None),
        ("3-5", 3),
        (2.0, 2),
        ("2.5", Refused.NOT_WHOLE),
        ("2场，每场50人", Refused.SEVERAL),
        ("20元", Refused.OTHER_UNIT),
        ("5-3", Refused.REVERSED),
    ],
)
def test_how_many_to_plan_with(text, count):
    assert read_count(text) == count
