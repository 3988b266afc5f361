from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.values import Period, Refused, read_period

from . import written

TODAY = date(2024, 10, 24)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def read(cell, **more):
    return read_period(cell, today=TODAY, **more)


def period(first, last=None):
    return Period(date(*first), date(*(last or first)))


@given(DAYS)
def test_a_day_is_read_back_in_every_dress(day):
    one = Period.of_day(day)

    assert read(written.day(day)) == one
    assert read(f"{day.year}年{day.month}月{day.day}日") == one
    assert read(f"{day:%Y-%m-%d}") == read(f"{day:%Y/%m/%d}") == read(f"{day:%Y.%m.%d}") == one
    assert read(f"{day:%Y%m%d}") == read(int(f"{day:%Y%m%d}")) == one
    assert read(f"{day:%Y-%m-%d} 08:30:00") == read(f"{day:%Y年%m月%d日}（星期一）") == one
    serial = (day - date(1899, 12, 30)).days
    assert read(serial) == read(str(serial)) == read(serial + 0.25) == one


@given(DAYS, st.integers(0, 900))
def test_a_range_is_read_back(first, days):
    last = first + timedelta(days=days)

    for sign in ("至", "-", "—", "~", "到"):
        assert read(f"{first:%Y.%m.%d}{sign}{last:%Y.%m.%d}") == Period(first, last)
    assert read(f"自{written.day(first)}起至{written.day(last)}止") == Period(first, last)


@given(st.integers(1950, 2100), st.integers(1, 12))
def test_a_month_is_from_its_first_to_its_last_day(year, month):
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    assert (
        read(f"{year}年{month}月")
        == read(f"{written.year(year)}年{written.number(month)}月")
        == Period(first, last)
    )


@given(st.text(max_size=25))
def test_any_text_is_read_or_refused(text):
    assert isinstance(read(text), Period | Refused | None)


@given(st.text("0123456789年月日至-./底初上下旬季度第前起今明本", max_size=14))
def test_any_text_of_the_signs_of_dates_is_read_or_refused(text):
    assert isinstance(read(text), Period | Refused | None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10月底", period((2024, 10, 21), (2024, 10, 31))),
        ("月中", period((2024, 10, 11), (2024, 10, 20))),
        ("年底", period((2024, 12, 1), (2024, 12, 31))),
        ("第四季度", period((2024, 10, 1), (2024, 12, 31))),
        ("2025年上半年", period((2025, 1, 1), (2025, 6, 30))),
        ("明年3月", period((2025, 3, 1), (2025, 3, 31))),
        ("下月底", period((2024, 11, 21), (2024, 11, 30))),
        ("9月至12月", period((2024, 9, 1), (2024, 12, 31))),
        ("9-12月", period((2024, 9, 1), (2024, 12, 31))),
        ("2024年3-6月", period((2024, 3, 1), (2024, 6, 30))),
        ("9月1-15日", period((2024, 9, 1), (2024, 9, 15))),
        ("11月-次年3月", period((2024, 11, 1), (2025, 3, 31))),
        ("11月至3月", period((2024, 11, 1), (2025, 3, 31))),
        ("2024.9-2025.6", period((2024, 9, 1), (2025, 6, 30))),
        ("2024.9.1-12.31", period((2024, 9, 1), (2024, 12, 31))),
        ("2024年9月至今", period((2024, 9, 1), (2024, 10, 24))),
        ("24.10.24", period((2024, 10, 24))),
        ("98年5月", period((1998, 5, 1), (1998, 5, 31))),
        ("10/24/2024", period((2024, 10, 24))),
        ("二○二四年十月", period((2024, 10, 1), (2024, 10, 31))),
        (10.24, period((2024, 10, 24))),
        (2024.9, period((2024, 9, 1), (2024, 9, 30))),
        ("2月29日", period((2028, 2, 29))),
        ("1月", period((2025, 1, 1), (2025, 1, 31))),
        ("8月", period((2024, 8, 1), (2024, 8, 31))),
        ("半年内", period((2024, 10, 24), (2025, 4, 24))),
        ("长期", Period(None, None)),
        ("2024年底前", Period(None, date(2024, 12, 31))),
        ("2024年9月起", Period(date(2024, 9, 1), None)),
        ("尽快", None),
        ("2月30日", Refused.NO_SUCH_DAY),
        ("2023-02-29", Refused.NO_SUCH_DAY),
        ("13月", Refused.NO_SUCH_DAY),
        ("3/4/2024", Refused.AMBIGUOUS),
        (2024.1, Refused.AMBIGUOUS),
        (10.2, Refused.AMBIGUOUS),
        ("2025年6月至2024年9月", Refused.REVERSED),
        ("每周三下午", Refused.NO_DATE),
        (12, Refused.NO_DATE),
        (True, Refused.NO_DATE),
    ],
)
def test_dates_as_offices_write_them(text, expected):
    assert read(text) == expected


def test_a_visit_in_a_month_without_a_year_was_the_last_such_month():
    assert read("12月", months_back=11) == period((2023, 12, 1), (2023, 12, 31))


def test_periods_meet_when_they_share_a_day():
    autumn = period((2024, 9, 1), (2024, 12, 31))

    assert autumn.meets(period((2024, 12, 31)))
    assert autumn.meets(Period(None, None))
    assert not autumn.meets(Period(date(2025, 1, 1), None))


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends after it begins"):
        Period(date(2024, 2, 1), date(2024, 1, 1))
