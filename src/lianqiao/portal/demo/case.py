"""The published case as the demo's round found it: run over all of the lists, with nothing fixed by hand."""

from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation

from lianqiao.core import jobs
from lianqiao.matching.actions.rounds import begin_round, run_round
from lianqiao.matching.models import Match, Round
from lianqiao.matching.queries.rounds import plan_of, rounds_for
from lianqiao.matching.sentences import gap_sentence, reason_sentences
from lianqiao.portal.demo.accounts import READER
from lianqiao.portal.demo.content import content
from lianqiao.registry.models import Chain

if TYPE_CHECKING:
    from lianqiao.portal.demo.story import Teller

WEIGHTIEST = 2


@dataclass(frozen=True)
class Case:
    """The plan of the published case in Chinese words, and where it can be seen."""

    title: str
    needs: int
    offers: int
    pairs: tuple[tuple[str, str, tuple[str, ...]], ...]  # college, enterprise, reasons
    bound: str
    gap_percent: float
    path: str


def run_the_round(told: "Teller", chain: Chain, office: str) -> Round:
    """As the office runs it, but waited for: the demo has no worker yet."""
    row = begin_round(by=told.by(office), chain=chain, title=content("story")["round"]["title"])
    row = run_round(row, by=told.by(office))
    jobs.run_queued.call_local(row.job_id)
    row.refresh_from_db()
    return row


def published_case() -> Case | None:
    """None once a visitor has discarded the round, or changed the three."""
    title = content("story")["round"]["title"]
    row = rounds_for(READER).filter(title=title).exclude(state=Round.State.DISCARDED).order_by("pk").first()
    if row is None or row.summary.get("gap") is None:
        return None
    real = [facts["name"] for facts in content("organisations")["organisations"] if not facts["invented"]]
    with translation.override("zh-hans"):
        pairs = tuple(told(match) for match in plan_of(row, READER) if match.enterprise.name in real)
        return Case(
            title=row.title,
            needs=row.summary["needs"],
            offers=row.summary["offers"],
            pairs=pairs,
            bound=gap_sentence(row.summary),
            # Rounded up: it is a promise. What is left after the solver's own rounding is nothing.
            gap_percent=ceil(row.summary["gap"] * 1000 - 1e-6) / 10,
            path=reverse("round_detail", args=[row.pk]),
        )


def told(match: Match) -> tuple[str, str, tuple[str, ...]]:
    giver = match.unit.name if match.unit else match.giver.name
    return giver, match.enterprise.name, tuple(islice(reason_sentences(match.reasons), WEIGHTIEST))
