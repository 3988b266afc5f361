from datetime import date

from lianqiao.registry.growth import Month, growth

TODAY = date(2024, 4, 15)


def test_growth_counts_who_is_there_at_the_end_of_each_month():
    periods = [
        (1, date(2024, 2, 10), None),
        (2, date(2024, 2, 20), date(2024, 3, 20)),
        (3, date(2024, 4, 1), None),
    ]

    assert growth(periods, TODAY) == [
        Month(date(2024, 2, 1), total=2, joined=2, left=0),
        Month(date(2024, 3, 1), total=1, joined=0, left=1),
        Month(date(2024, 4, 1), total=2, joined=1, left=0),
    ]


def test_growth_who_moves_from_one_membership_to_the_next_neither_leaves_nor_joins():
    periods = [(1, date(2024, 3, 1), date(2024, 3, 31)), (1, date(2024, 4, 1), None)]

    assert growth(periods, TODAY)[-1] == Month(date(2024, 4, 1), total=1, joined=0, left=0)


def test_growth_shows_two_years_and_counts_what_was_before():
    months = growth([(1, date(2020, 1, 1), None)], TODAY)

    assert (len(months), months[0]) == (24, Month(date(2022, 5, 1), total=1, joined=0, left=0))


def test_growth_of_nobody_or_only_of_the_future_is_empty():
    assert growth([], TODAY) == []
    assert growth([(1, date(2024, 5, 1), None)], TODAY) == []
