from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.values import Amount, Refused, read_money, read_offered

from . import written


def yuan(low, high=None, *, rough=False):
    return Amount(Decimal(low), Decimal(low if high is None else high), "元", rough)


@given(st.integers(0, 10**14))
def test_yuan_written_in_chinese_are_read_back(value):
    assert read_money(written.number(value) + "元") == yuan(value)
    assert read_money("人民币" + written.number(value) + "元整", 10_000) == yuan(value)


@given(st.integers(10, 10**10))
def test_cents_written_in_chinese_are_read_back(cents):
    whole, tenths, hundredths = cents // 100, cents // 10 % 10, cents % 10
    text = f"{written.number(whole)}元{written.number(tenths)}角{written.number(hundredths)}分"

    assert read_money(text) == yuan(Decimal(cents) / 100)


@given(st.integers(1, 10**8))
def test_ten_thousands_are_the_same_said_in_the_cell_and_in_the_head(value):
    wan = Decimal(value) / 100

    assert read_money(f"{wan}万元") == read_money(f"{wan}", 10_000) == read_money(f"{wan}万", 10_000)
    assert read_money(f"{wan}万元") == yuan(wan * 10_000)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("35.6万元", yuan(356_000)),
        ("三十五万六千元", yuan(356_000)),
        ("叁拾伍万陆仟元整", yuan(356_000)),
        ("¥356,000.00", yuan(356_000)),
        ("35w", yuan(350_000)),
        ("350千元", yuan(350_000)),
        ("1.5亿", yuan(150_000_000)),
        ("3-5万元", yuan(30_000, 50_000)),
        ("3万-5万", yuan(30_000, 50_000)),
        ("约35万", yuan(350_000, rough=True)),
        ("免费", yuan(0)),
        ("面议", Amount(None, None)),
        ("2美元", Refused.OTHER_UNIT),
        ("看情况给", Refused.NO_NUMBER),
    ],
)
def test_money_as_offices_write_it(text, money):
    assert read_money(text) == money


def test_money_and_people_in_one_cell_are_two_amounts():
    assert read_offered("20万元、3人") == (yuan(200_000), Amount(Decimal(3), Decimal(3), "人"))


def test_a_comma_between_thousands_parts_nothing():
    assert read_offered("1,200元") == (yuan(1200),)
