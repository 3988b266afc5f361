"""From answers to a change of weights that a person may approve: what it would have changed, and how sure it is."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

import numpy as np

from lianqiao_engine.evaluate import by_id
from lianqiao_engine.rank import rank
from lianqiao_engine.retrieve import Top
from lianqiao_engine.score import Weights

from .certainty import Certainty, held_out
from .evidence import FACET, OFFICIALLY, Evidence, Floats, collect, groups_of, paired
from .fit import GREATEST, as_before, learned
from .rounds import GOOD, Round, seen_by_rank

LEAST_NEEDS = 60  # needs that took one offer and left another; with fewer, chance has too much to say
REPLAYED = 3  # rounds
Pairs = Collection[tuple[str, str]]
Choose = Callable[[Round, Top], Pairs]


@dataclass(frozen=True)
class Replay:
    """One round as it was answered, under both weights: pairs are ids of need and offer, ranks from 1."""

    round: str
    ranks: tuple[tuple[str, str, int | None, int | None], ...]  # what was taken: need, offer, before, after
    lost: tuple[tuple[str, str], ...]  # pairs that are chosen only before
    won: tuple[tuple[str, str], ...]  # and only after


@dataclass(frozen=True)
class Proposal:
    """A change of weights with what speaks for it. `multipliers` go by group of addends; going back is `before`."""

    before: Weights
    after: Weights
    multipliers: Mapping[str, float]
    evidence: Certainty
    replay: tuple[Replay, ...]


@dataclass(frozen=True)
class NoProposal:
    """Why nothing is proposed: "too few" answers, with the needs `missing`, or "not certain"."""

    reason: str
    missing: int = 0
    evidence: Certainty | None = None


def learn(
    rounds: Sequence[Round],
    before: Weights,
    *,
    seen: Mapping[int, float] | None = None,
    choose: Choose | None = None,
    seed: int = 0,
) -> Proposal | NoProposal:
    """Learn from `rounds`, the oldest first, what should count more and what less than `before`.

    `seen` gives for each rank the likelihood that an offer shown there was looked at; it is estimated when not given.
    `choose` makes a plan's pairs from a round and its ranking; without it the first choice of every need is compared.
    Raises ValueError for a rank without a propensity.
    """
    seen = seen_by_rank(rounds) if seen is None else seen
    evidence = _evidence(rounds, before, seen)
    if evidence.needs < LEAST_NEEDS:
        return NoProposal("too few", missing=LEAST_NEEDS - evidence.needs)
    certainty = held_out(evidence, seed)
    if not certainty.enough:
        return NoProposal("not certain", evidence=certainty)
    found = learned(evidence, np.arange(len(evidence.need))).multipliers
    after = changed(before, evidence.groups, found)
    # A text's share of a need is no sum of multiplied addends, only nearly: what is proposed is asked itself.
    if _loss(_evidence(rounds, after, seen)) >= _loss(evidence):
        return NoProposal("not certain", evidence=certainty)
    replays = tuple(replay(one, before, after, choose or first_choices) for one in rounds[-REPLAYED:])
    return Proposal(
        before, after, dict(zip(evidence.groups, found.tolist(), strict=True)), certainty, replays
    )


def _evidence(rounds: Sequence[Round], weights: Weights, seen: Mapping[int, float]) -> Evidence:
    return paired(groups_of(weights), collect(rounds, weights), seen)


def _loss(evidence: Evidence) -> float:
    rows = np.arange(len(evidence.need))
    return float(as_before(evidence, rows).losses(evidence, rows).sum())


def changed(before: Weights, groups: Sequence[str], multipliers: Floats) -> Weights:
    """Return `before` with the weight of each group times its multiplier.

    What the text adds is a share of the need, so only the views' proportions count: facets and everyday words are
    moved against their mean.
    """
    of = dict(zip(groups, map(float, multipliers), strict=True))
    views = {name: weight * of.get(name, 1.0) for name, weight in before.views.items()}
    text = sum(views.values()) / sum(before.views.values())
    return replace(
        before,
        views=views,
        officially=before.officially * min(GREATEST, of.get(OFFICIALLY, 1.0) / text),
        facets={
            name: weight * min(GREATEST, of.get(FACET + name, 1.0) / text)
            for name, weight in before.facets.items()
        },
    )


def replay(one: Round, before: Weights, after: Weights, choose: Choose) -> Replay:
    """Return what `one` would have been under both weights."""
    tops = [rank(one.offers, one.needs, len(one.offers), weights=weights) for weights in (before, after)]
    places = [_ranks(one, top) for top in tops]
    old, new = (set(choose(one, top)) for top in tops)
    taken = [(answer.need, answer.offer) for answer in one.answers if answer.outcome in GOOD]
    return Replay(
        one.id,
        tuple((*pair, places[0].get(pair), places[1].get(pair)) for pair in taken),
        tuple(sorted(old - new)),
        tuple(sorted(new - old)),
    )


def first_choices(one: Round, top: Top) -> Pairs:
    """The best offer of every need."""
    return [pair for pair, place in _ranks(one, top).items() if place == 1]


def _ranks(one: Round, top: Top) -> dict[tuple[str, str], int]:
    return {
        (need, offer): place
        for need, offers in by_id(top, one.needs, one.offers).items()
        for place, offer in enumerate(offers, start=1)
    }


def fingerprint(weights: Weights) -> str:
    """Return a name of these weights: equal for equal weights in any order, another for any other number."""
    written = json.dumps(asdict(weights), sort_keys=True, ensure_ascii=False)
    return sha256(written.encode()).hexdigest()
