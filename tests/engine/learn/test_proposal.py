import json
from dataclasses import asdict

import numpy as np
import pytest

from lianqiao_engine.assign import Problem, solve
from lianqiao_engine.learn import Answer, NoProposal, Proposal, Round, fingerprint, learn, seen_by_rank
from lianqiao_engine.learn.evidence import addends, groups_of
from lianqiao_engine.rank import rank
from lianqiao_engine.score import Record, Space, Weights

TRADES = ("工程造价 预算员", "砌体施工 瓦工", "中西面点 烹饪", "园林绿化 苗木", "数控加工 车工", "会计 出纳")
DISTRICTS = ("云龙区", "泉山区", "铜山区")
BEFORE = Weights(facets={"district": 0.1})
EQUAL = ("accepted", "declined")


def offer(trade: str, number: int) -> Record:
    said = f"{trade} 实训" if number % 2 else trade.split()[0]
    facets = {"district": (DISTRICTS[number % 3],)}
    return Record(f"{trade}{number}", {"name": said}, facets)


OFFERS = tuple(offer(trade, number) for trade in TRADES for number in range(4))


def need(number: int) -> Record:
    return Record(
        f"需求{number:03}",
        {"name": f"{TRADES[number % 6].split()[1]} {TRADES[number % 6].split()[0]} 实训"},
        {"district": (DISTRICTS[number % 3],)},
    )


def one_round(name: str, numbers: range, outcome) -> Round:
    """Every need is shown its best four; what becomes of them is what `outcome(need, offer, rank)` says."""
    needs = tuple(need(number) for number in numbers)
    best = rank(OFFERS, needs, 4, weights=BEFORE)
    answers, shown = [], dict.fromkeys(range(len(needs)), 0)
    for at, offer_at in zip(best.need.tolist(), best.offer.tolist(), strict=True):
        shown[at] += 1
        pair = needs[at], OFFERS[offer_at]
        answers.append(Answer(pair[0].id, pair[1].id, shown[at], outcome(*pair, shown[at])))
    return Round(name, needs, OFFERS, tuple(answers))


def near(need: Record, offer: Record, rank: int) -> str:
    return EQUAL[need.facets["district"] != offer.facets["district"]]


def near_rounds() -> list[Round]:
    return [one_round(f"第{at + 1}批", range(at * 60, at * 60 + 60), near) for at in range(2)]


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    proposed = learn(near_rounds(), BEFORE)
    assert isinstance(proposed, Proposal)
    return proposed


def test_learn_proposes_the_facet_that_answers_follow_and_replays_the_rounds(proposal):

    assert proposal.before is BEFORE
    assert proposal.multipliers["facets.district"] == max(proposal.multipliers.values())
    assert proposal.after.facets["district"] > BEFORE.facets["district"]
    assert [replay.round for replay in proposal.replay] == ["第1批", "第2批"]
    old, new = (
        np.mean([1 / ranks[side] for replay in proposal.replay for ranks in replay.ranks]) for side in (2, 3)
    )
    assert new > old
    assert all(replay.lost and replay.won for replay in proposal.replay)


def test_learn_says_how_many_needs_are_missing():
    few = one_round("第1批", range(20), near)

    answered = len({a.need for a in few.answers if a.outcome == "accepted"})
    assert learn([few], BEFORE) == NoProposal("too few", missing=60 - answered)


def test_learn_proposes_nothing_when_answers_follow_nothing():
    random = np.random.default_rng(5)
    rounds = [one_round("第1批", range(90), lambda *_: EQUAL[int(random.random() < 0.5)])]

    proposal = learn(rounds, BEFORE)

    assert isinstance(proposal, NoProposal)
    assert (proposal.reason, proposal.evidence.by) == ("not certain", "need")


def test_going_back_gives_the_old_ranking_and_plan_bit_for_bit(proposal):
    needs = tuple(need(number) for number in range(12))
    kept = json.dumps(asdict(BEFORE))
    after = proposal.after

    outcomes = []
    for weights in (BEFORE, after, Weights(**json.loads(kept))):
        best = rank(OFFERS, needs, 8, weights=weights)
        problem = Problem(best.need, best.offer, best.score, len(needs), len(OFFERS), wants=1, capacity=1)
        plan = solve(problem, objective="best")
        outcomes.append([part.tobytes() for part in (best.need, best.offer, best.score, plan.pairs)])

    assert outcomes[0] == outcomes[2]
    assert outcomes[0] != outcomes[1]
    assert fingerprint(Weights(**json.loads(kept))) == fingerprint(BEFORE) != fingerprint(after)


def test_addends_of_the_groups_sum_to_the_score():
    asked = [Record("需求", {"name": "房东不退押金 瓦工"}, {"district": ("云龙区",)})]
    offers = [*OFFERS, Record("租赁", {"name": "出租人应当退还保证金"}, {"district": ("云龙区",)})]
    space = Space(offers, asked)
    groups = groups_of(space.weights)

    parts = addends(space, space.vectors(asked), asked[0], range(len(offers)), groups)

    assert parts.sum(axis=1) == pytest.approx((space.vectors(asked) @ space.offers.T).toarray()[0])
    assert parts[-1, groups.index("officially")] > 0
    assert parts[-1, groups.index("facets.district")] == pytest.approx(space.weights.facets["district"])


def test_propensities_fall_with_the_rank():
    answers = [("a", 1), ("b", 1), ("c", 1), ("d", 1), ("a", 2), ("b", 3), ("c", 3), ("d", 5)]
    needs = tuple(Record(name, {}) for name in "abcd")
    offers = tuple(Record(str(number), {}) for number in range(len(answers)))
    one = Round(
        "1",
        needs,
        offers,
        tuple(Answer(of, str(at), shown, "accepted") for at, (of, shown) in enumerate(answers)),
    )

    assert seen_by_rank([one]) == {1: 1.0, 2: 0.25, 3: 0.25, 4: 0.25, 5: 0.25}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Answer("a", "b", 0, "accepted"), "rank must be at least 1"),
        (lambda: Answer("a", "b", 1, "liked"), "no outcome is called liked"),
        (lambda: Round("1", (), (), (Answer("a", "b", 1, "accepted"),)), "round 1 has no pair a, b"),
        (lambda: learn([one_round("1", range(6), near)], BEFORE, seen={1: 1.0}), "rank . needs a propensity"),
    ],
)
def test_unknown_outcomes_pairs_and_ranks_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
