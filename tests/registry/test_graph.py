from graphlib import CycleError

import pytest

from lianqiao.registry.graph import Bend, arranged, crossings, narrowed, ranks, single_ways, unordered
from lianqiao.registry.picture import Node, across, down, wrapped

# 1 → 2, 3 → 4 → 5
DIAMOND = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5)]


def test_single_ways_one_member_before_the_only_next_segment_names_what_depends_on_it():
    assert single_ways({1: 3, 2: 2, 3: 2, 4: 1, 5: 2}, DIAMOND) == {4: [5]}


def test_single_ways_one_member_beside_another_way_is_none():
    assert single_ways({1: 3, 2: 1, 3: 1, 4: 3, 5: 2}, DIAMOND) == {}


def test_single_ways_a_way_past_a_gap_is_no_way():
    assert single_ways({1: 3, 2: 1, 3: 0, 4: 3, 5: 2}, DIAMOND) == {2: [4, 5]}


def test_single_ways_two_members_are_none():
    assert single_ways({1: 3, 2: 2, 3: 2, 4: 2, 5: 2}, DIAMOND) == {}


def test_single_ways_one_member_at_the_only_beginning_carries_all_that_follows():
    assert single_ways({1: 1, 2: 2, 3: 2, 4: 2, 5: 2}, DIAMOND) == {1: [2, 3, 4, 5]}


def test_single_ways_one_member_at_the_end_carries_nothing():
    assert single_ways({1: 3, 2: 2, 3: 2, 4: 2, 5: 1}, DIAMOND) == {}


def test_single_ways_behind_a_gap_what_follows_still_depends_on_the_single_member():
    assert single_ways({1: 3, 2: 0, 3: 1, 4: 2}, [(1, 2), (2, 3), (3, 4)]) == {3: [4]}


def test_single_ways_without_links_or_members_are_none():
    assert single_ways({1: 1, 2: 0}, []) == {}
    assert single_ways({}, []) == {}


def test_ranks_follow_the_columns_given_and_close_empty_ones():
    assert ranks({1: 0, 2: 3, 3: 3, 4: 7}, [(1, 2), (3, 4)]) == {1: 0, 2: 1, 3: 1, 4: 2}


def test_ranks_link_that_would_lead_back_moves_its_end_downstream():
    assert ranks({1: 2, 2: 0, 3: 2}, [(1, 2), (2, 3)]) == {1: 0, 2: 1, 3: 2}


def test_ranks_circle_raises():
    with pytest.raises(CycleError):
        ranks({1: 0, 2: 0}, [(1, 2), (2, 1)])


def test_narrowed_splits_a_wide_row_evenly_and_keeps_the_order():
    assert narrowed({1: 0, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 2}, widest=4) == {
        1: 0,
        2: 1,
        3: 1,
        4: 1,
        5: 2,
        6: 2,
        7: 3,
    }


def test_arranged_takes_crossings_away_that_the_given_order_has():
    rank = {1: 0, 2: 0, 3: 1, 4: 1}
    links = [(1, 4), (2, 3)]
    rows, steps = unordered(rank, links)

    assert crossings(rows, steps) == 1
    assert arranged(rank, links) == [[1, 2], [4, 3]]


def test_arranged_long_link_bends_through_the_rows_between():
    assert arranged({1: 0, 2: 1, 3: 2}, [(1, 2), (2, 3), (1, 3)]) == [[1], [2, Bend(1, 3, 1)], [3]]


def test_arranged_the_same_values_give_the_same_rows():
    rank = {1: 0, 2: 0, 3: 0, 4: 1, 5: 1, 6: 1, 7: 2}
    links = [(1, 5), (2, 4), (3, 6), (1, 6), (4, 7), (5, 7), (3, 7)]

    assert arranged(rank, links) == arranged(dict(rank), list(links))


def test_across_puts_every_column_further_right_and_sizes_by_members():
    picture = across(
        [Node(1, "勘察设计", 0, 4), Node(2, "施工总承包", 1, 1), Node(3, "回收", 2, 0, note=True)],
        [(1, 2), (2, 3)],
    )

    assert [(c.node.id, c.x, c.r, [text for _, text in c.lines]) for c in picture.circles] == [
        (1, 52, 25, ["勘察设计"]),
        (2, 156, 20, ["施工总承包"]),
        (3, 260, 14, ["回收"]),
    ]
    assert [(curve.upstream, curve.downstream) for curve in picture.curves] == [(1, 2), (2, 3)]
    assert picture.width == 312


def test_down_stays_within_the_width_of_a_phone_however_many_segments_a_column_has():
    nodes = [Node(n, "造价与工程咨询", 0 if n < 10 else 1, 2) for n in range(1, 12)]
    picture = down(nodes, [(n, 10) for n in range(1, 10)])

    assert all(c.ring <= c.x <= picture.width - c.ring for c in picture.circles)
    assert [c.node.id for c in sorted(picture.circles, key=lambda c: (c.y, c.x))][-2:] == [10, 11]
    assert all(0 < c.y < c.note_y <= picture.height for c in picture.circles)


def test_across_a_column_stands_beside_what_it_is_linked_with():
    nodes = [
        Node(1, "甲", 0, 1),
        Node(2, "乙", 0, 1),
        Node(3, "丙", 0, 1),
        Node(4, "丁", 1, 1),
        Node(5, "戊", 2, 1),
    ]
    y = {c.node.id: c.y for c in across(nodes, [(1, 4), (2, 4), (4, 5)]).circles}

    assert y[4] == y[5] == (y[1] + y[2]) // 2


def test_across_of_no_segment_is_empty():
    assert across([], []).circles == []
    assert down([], []).circles == []


@pytest.mark.parametrize(
    ("label", "width", "lines"),
    [
        ("勘察设计", 104, ["勘察设计"]),
        ("造价与工程咨询", 80, ["造价与工", "程咨询"]),
        ("Mechanical and electrical installation", 104, ["Mechanical and", "electrical", "installation"]),
    ],
)
def test_wrapped_lines_fit(label, width, lines):
    assert wrapped(label, width) == lines
