"""What the jobs of a round write: a plan whole or not at all, what a preview told, what a check found."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.bulk import batched, blank, insert_rows, new_ids
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked
from lianqiao.lists.models import Entry
from lianqiao.matching import engine
from lianqiao.matching.differences import differences_of
from lianqiao.matching.models import Match, Round, RoundNeed, RoundRecord
from lianqiao.matching.policy import Floor, RoundRules, RoundScope
from lianqiao.matching.queries.rounds import (
    around_entries,
    entries_of_round,
    small_enterprises,
    weighting_in_force,
)
from lianqiao.matching.results import outlook, planned, summary_of

State = Round.State
CHUNK = 1000
Step = Callable[[int], None]


class NotRunning(Refused):
    code = "not_running"
    sentence = _("这一轮的计算已经停止，没有写入任何内容。")


def inputs_now(row: Round, *, by: Actor, today: date) -> engine.Inputs:
    """The lists, the wishes and what was before, as they are now."""
    require(by, "matching.preview_round", row)
    scope, rules = RoundScope.of(row.scope), RoundRules.of(row.rules)
    needs, offers = entries_of_round(scope, row.chain_id, today)
    around = around_entries(row.chain_id, needs, offers)
    weighting = weighting_in_force(row.chain_id)
    small = (
        small_enterprises(need.organisation_id or 0 for need in needs) if rules.floor == Floor.SMALL else ()
    )
    engine_rules = engine.rules_of(rules, weighting.weights if weighting else None, small)
    return engine.inputs_of(needs, offers, around, rules, engine_rules, today=today)


def keep_plan(
    row: Round, stored: engine.Stored, *, by: Actor, now: datetime, job: int, step: Step
) -> dict[str, Any]:
    """The record, the planned matches and what each need was left with, in one transaction.

    Raises NotPermitted; NotRunning when somebody stopped the round, or started it anew, meanwhile.
    """
    require(by, "matching.run_round", row)
    content, sha256 = engine.packed(stored)
    told = summary_of(stored)
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state != State.RUNNING or fresh.job_id != job:
            raise NotRunning
        entries = (
            Entry.objects.select_related("organisation", "unit")
            .defer("search_text")
            .in_bulk({int(pk) for pk in stored.titles})
        )
        RoundRecord.objects.create(
            round=fresh, content=content, sha256=sha256, engine_version=engine.engine_version(), made_at=now
        )
        count = add_matches(fresh, planned(stored), entries, now, step)
        add_needs(fresh, outlook(stored), step)
        fresh.state, fresh.summary, fresh.ready_at = State.READY, told, now
        fresh.version += 1
        fresh.save()
        after = {"state": fresh.state, "matches": count, "digest": sha256}
        record(by, "matching.plan_round", fresh, before={"state": State.RUNNING.value}, after=after)
    return told


def add_matches(
    row: Round, chosen: list[dict[str, Any]], entries: dict[int, Entry], now: datetime, step: Step
) -> int:
    usual = blank(Match) | {
        "chain_id": row.chain_id, "round_id": row.pk, "origin": Match.Origin.ROUND.value, "created_at": now,
        "changed_at": now,
    }  # fmt: skip

    def facts(one: dict[str, Any], pk: int) -> dict[str, Any]:
        return usual | {"id": pk} | match_facts(one, entries)

    for some in batched(chosen, CHUNK):
        ids = new_ids(Match, len(some))
        insert_rows(Match, [facts(one, pk) for one, pk in zip(some, ids, strict=True)])
        step(len(some))
    return len(chosen)


def match_facts(one: dict[str, Any], entries: dict[int, Entry]) -> dict[str, Any]:
    need, offer = entries[one["need"]], entries[one["offer"]]
    return {
        "need_id": need.pk,
        "offer_id": offer.pk,
        "enterprise_id": need.organisation_id,
        "giver_id": offer.organisation_id,
        "unit_id": offer.unit_id,
        "score": one["score"],
        "rank": one["rank"],
        "reasons": one["reasons"],
        "differences": differences_of(need, offer),
    }


def add_needs(row: Round, left: list[dict[str, Any]], step: Step) -> None:
    for some in batched(left, CHUNK):
        ids = new_ids(RoundNeed, len(some))
        insert_rows(RoundNeed, list(needs_kept(row, some, ids)))
        step(len(some))


def needs_kept(row: Round, some: list[dict[str, Any]], ids: list[int]) -> Iterator[dict[str, Any]]:
    for one, pk in zip(some, ids, strict=True):
        said = {"need_id": one["need"], "best_id": one["best"]}
        yield {
            "id": pk,
            "round_id": row.pk,
            **said,
            **{name: one[name] for name in ("why", "score", "bars", "others")},
        }


def release(row: Round, *, by: Actor, job: int) -> None:
    """Its job ended without a plan: the round can be changed and run again."""
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state == State.RUNNING and fresh.job_id == job:
            fresh.state = State.DRAFT
            fresh.version += 1
            fresh.save()
            record(by, "matching.call_off", fresh, before={"state": "running"}, after={"state": "draft"})


def keep_preview(row: Round, told: dict[str, Any], *, by: Actor, job: int) -> None:
    """What a preview told, for the rules that it was made with. Raises NotRunning."""
    require(by, "matching.preview_round", row)
    with transaction.atomic():
        fresh = locked(row)
        if fresh.state != State.DRAFT or fresh.job_id != job:
            raise NotRunning
        fresh.summary = {"preview": told}
        fresh.save()
        record(by, "matching.tell_preview", fresh, after={"matches": told["matches"]})


def keep_check(row: Round, told: dict[str, Any], *, by: Actor) -> None:
    require(by, "matching.check_round", row)
    with transaction.atomic():
        fresh = locked(row)
        fresh.summary = fresh.summary | {"check": told}
        fresh.save()
        record(by, "matching.tell_check", fresh, after={"result": "same" if told["same"] else "differs"})
