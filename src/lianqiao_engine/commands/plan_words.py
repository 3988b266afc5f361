"""A round's result in words: one place makes the sentences for terminal and workbook."""

from collections.abc import Iterable, Iterator

from lianqiao_engine.explain import Reason
from lianqiao_engine.rounds import Alternative, Match, Missed, Price
from lianqiao_engine.rounds.stored import Stored

from .wording import Wording

SHOWN = 3  # reasons in a sentence, and phrases in a reason
NOTHING = 5e-4  # a price that would show as 0.0
SLIGHT = 0.04  # a reason below this share of the score is not worth a director's time


class Words:
    """What to say of a stored round."""

    def __init__(self, stored: Stored, say: Wording) -> None:
        self.stored, self.say = stored, say
        self.needs = {need.id: need for need in stored.needs}
        self.offers = {offer.id: offer for offer in stored.offers}

    def title(self, entry: str) -> str:
        return self.stored.titles.get(entry, entry)

    def points(self, score: float) -> str:
        return f"{100 * score:.1f}"

    def reasons(self, match: Match) -> str:
        worth = [reason for reason in match.reasons if reason.amount >= SLIGHT * match.score]
        said = list(self._reasons(worth))[:SHOWN]
        return self.say("join.reasons").join(said) or self.say("reason.none")

    def _reasons(self, reasons: Iterable[Reason]) -> Iterator[str]:
        reasons = list(reasons)
        phrases = [reason.about for reason in reasons if reason.kind == "words" and len(reason.about) > 1]
        told = False
        for reason in reasons:
            if reason.kind == "words":
                if phrases and not told:
                    yield self.say("reason.words", words=self._listed(phrases))
                told = True
            elif reason.kind == "trade":
                key = "reason.trade" if reason.in_need else "reason.trade.silent"
                yield self.say(
                    key,
                    about=reason.about,
                    in_need=self._listed(reason.in_need),
                    in_offer=self._listed(reason.in_offer),
                )
            elif reason.kind == "facet":
                key = f"reason.facet.{reason.about}"
                if self.say.knows(key):
                    yield self.say(key, value=reason.in_need[0])
            else:
                yield self.say(
                    f"reason.{reason.kind}", about=reason.about, in_need=self._listed(reason.in_need)
                )

    def missed(self, missed: Missed) -> str:
        if missed.why == "nothing fits" and not missed.best:
            return self.say("missed.nothing fits.alone")
        bars = self.say("join.reasons").join(self.say(f"bar.{bar}") for bar in missed.bars)
        return self.say(f"missed.{missed.why}", score=self.points(missed.score), bars=bars)

    def way(self, other: Alternative) -> str:
        held = self._listed(f"{self.needs[need].enterprise} {self.title(need)}" for need in other.held_by)
        way = self.say(f"way.{other.stood_in_the_way}", held=held)
        if other.cost is None:
            return way + (self.say("cost.impossible") if other.exact else "")
        if other.cost < NOTHING:
            return way
        cost = self.say("cost.exact" if other.exact else "cost.least", cost=self.points(other.cost))
        return way + cost

    def change(self, other: Alternative) -> str:
        if other.change is None:
            return ""
        by = self.points(other.change.by) if other.change.kind == "score" else f"{other.change.by:g}"
        return self.say(f"change.{other.change.kind}", of=self.title(other.change.of), by=by)

    def explained(self, need: str, matches: Iterable[Match], others: Iterable[Alternative]) -> Iterator[str]:
        """One need in full: every part of its scores, and what would bring others into the plan."""
        yield f"{self.needs[need].enterprise}  {self.title(need)}"
        for match in matches:
            yield ""
            offer = self.offers[match.offer]
            yield self.say(
                "explain.match",
                unit=offer.unit,
                offer=self.title(match.offer),
                score=self.points(match.score),
            )
            for reason in match.reasons:
                said = next(self._reasons([reason]), self.say("explain.scattered", words=reason.about))
                yield f"  {self.points(reason.amount):>6}  {said}"
        for missed in self.stored.result.missed:
            if missed.need == need:
                yield self.missed(missed)
        for other in others:
            yield ""
            offer = self.offers[other.offer]
            yield self.say(
                "explain.other",
                unit=offer.unit,
                offer=self.title(other.offer),
                score=self.points(other.score),
            )
            yield f"  {self.way(other)}"
            if other.change:
                yield "  " + self.say("explain.change", change=self.change(other))

    def summary(self) -> list[str]:
        """The plan in a few lines, the proof among them."""
        result, say = self.stored.result, self.say
        matched = {match.need for match in result.matches}
        lines = [
            say("summary.needs", needs=len(self.needs), offers=len(self.offers)),
            say("summary.matched", matched=len(matched), missed=len(result.missed)),
            say(f"summary.objective.{self.stored.rules.objective}"),
            say("summary.sum", sum=self.points(result.sum)),
            say("summary.worst", worst=self.points(result.worst)),
            self._gap(),
            *map(self._price, result.prices),
        ]
        if result.limits:
            lines.append(say("summary.infeasible"))
            lines += [
                say(f"limit.{limit.kind}", of=self._listed(map(self.title, limit.of)), by=limit.by)
                for limit in result.limits
            ]
        lines += [
            say("summary.refused", who=self.title(one.who), whom=one.whom, why=say(f"bar.{one.why}"))
            for one in result.refused
        ]
        return lines

    def _price(self, price: Price) -> str:
        if price.cost < NOTHING:
            return self.say(f"rule.{price.rule}") + self.say("price.nothing")
        return self.say(f"rule.{price.rule}") + self.say("price", cost=self.points(price.cost))

    def _gap(self) -> str:
        result = self.stored.result
        if result.gap is None or result.bound is None:
            return self.say("summary.gap.unknown")
        if result.status == "optimal":
            return self.say("summary.gap.optimal")
        return self.say("summary.gap", bound=self.points(result.bound), gap=f"{100 * result.gap:.2f}")

    def _listed(self, phrases: Iterable[str]) -> str:
        phrases = list(phrases)
        more = "…" if len(phrases) > SHOWN else ""
        return self.say("join.phrases").join(phrases[:SHOWN]) + more
