from dataclasses import replace

import pytest

from lianqiao_engine.rounds import Rules, hold
from lianqiao_engine.rounds.stored import Stored
from lianqiao_engine.rounds.verify import verify


def stored(needs, offers, rules=None) -> Stored:
    rules = rules or Rules()
    return Stored(tuple(needs), tuple(offers), rules, hold(needs, offers, rules))


def kinds(round_: Stored) -> set[str]:
    return {fault.kind for fault in verify(round_).faults}


@pytest.mark.parametrize("objective", ["fair", "best", "fast"])
def test_verify_finds_nothing_wrong_with_what_was_solved(needs, offers, objective):
    verdict = verify(stored(needs, offers, Rules(objective=objective)))

    assert verdict.faults == ()
    assert verdict.gap == pytest.approx(0, abs=0.01)


def with_result(round_: Stored, **changed) -> Stored:
    return replace(round_, result=replace(round_.result, **changed))


def test_verify_finds_every_lie(needs, offers):
    honest = stored(needs, offers)
    first, *others = honest.result.matches
    lies = {
        "score": {"matches": (replace(first, score=first.score + 0.1), *others)},
        "reasons": {"matches": (replace(first, reasons=first.reasons[1:]), *others)},
        "sum": {"sum": honest.result.sum + 0.1},
        "worst": {"worst": honest.result.worst + 0.1},
        "capacity": {"matches": (*honest.result.matches, replace(first, need="乙"))},
        "unknown entry": {"matches": (replace(first, offer="无"), *others)},
        "enterprise_owed": {"matches": tuple(others)},
    }

    assert {
        lie: lie in kinds(with_result(honest, **changed)) for lie, changed in lies.items()
    } == dict.fromkeys(lies, True)


def test_verify_finds_what_the_lists_forbid(needs, offers):
    honest = stored(needs, offers)
    forbidden = replace(honest, needs=(replace(needs[0], never=frozenset({"经管学院"})), *needs[1:]))

    assert "never of the need" in kinds(forbidden)


def test_verify_finds_a_must_that_was_not_kept(needs, offers):
    honest = stored(needs, offers)
    wished = replace(honest, needs=(replace(needs[0], must=frozenset({"装饰学院"})), *needs[1:]))

    assert "fixed" in kinds(wished)
