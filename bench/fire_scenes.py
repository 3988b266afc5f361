"""What bench/fire.py plays: who wants what at the same moment, and what must be true afterwards."""

import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lianqiao.agreements.models import Obligation, Signature
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import Entry
from lianqiao.matching.actions.rounds import begin_round
from lianqiao.matching.models import Answer, Match, Pairing, Round
from lianqiao.projects.actions.claims import claim
from lianqiao.projects.actions.moves import publish_project, stop_project
from lianqiao.projects.actions.outcomes import report_outcome
from lianqiao.projects.actions.projects import draft_project
from lianqiao.projects.models import Claim, Outcome, OutcomeKind, Project
from tests import factories as make
from tests.agreements import rows as agreements

from .fire import Shot
from .fire_stage import COLLEGE, FIRM, OFFICE, OTHERS, SYSTEM, Place, Scene, Stage, wrong

__all__ = ["SCENES", "Stage"]


class DoubleClaim(Scene):
    name = "claim"
    crowd = {FIRM: 1, COLLEGE: 1, OTHERS: 1, OFFICE: 1}

    def prepare(self, number: int) -> None:
        drafted = draft_project(
            by=SYSTEM, chain=self.chain, title=f"项目{number}", sponsor=self.stage.sponsor
        )
        self.project = publish_project(drafted, by=SYSTEM, now=timezone.now())

    def shot(self, place: Place, at: int) -> Shot:
        key = f"{self.stage.firm.pk}-0" if place.kind == OFFICE else place.key
        return Shot(f"/projects/{self.project.pk}/claim", {"place": key, "plan": "派五人"})

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = Project.objects.get(pk=self.project.pk)
        claims = list(Claim.objects.filter(project=row))
        held = [one for one in claims if one.state == "held"]
        live = Counter(
            (one.organisation_id, one.unit_id) for one in claims if one.state in ("held", "waiting")
        )
        return row.state, wrong(
            more_or_less_than_one_winner=len(held) != (row.state == "working"),
            holder_is_not_the_winner=[(one.organisation_id, one.unit_id) for one in held]
            != [(row.holder_id, row.holder_unit_id)] * len(held),
            one_place_twice=any(count > 1 for count in live.values()),
            queue_of_a_free_project=row.state == "open" and bool(live),
        )

    def clear(self) -> None:
        stop_project(Project.objects.get(pk=self.project.pk), by=SYSTEM, reason="下一轮")


class HandOver(DoubleClaim):
    name = "hand over and claim"
    crowd = {FIRM: 2, COLLEGE: 1, OTHERS: 1}

    def prepare(self, number: int) -> None:
        super().prepare(number)
        facts = {"by": SYSTEM, "now": timezone.now()}
        self.held = claim(self.project, organisation=self.stage.firm, **facts)
        if number % 2:
            claim(self.project, organisation=self.stage.school, unit=self.stage.unit, **facts)

    def shot(self, place: Place, at: int) -> Shot:
        if place.kind == FIRM:
            return Shot(f"/claims/{self.held.pk}/give-up", {"reason": "人手不够"})
        return super().shot(place, at)

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        told, found = super().outcome(answers)
        self.held.refresh_from_db()
        return f"{self.held.state}, {told}", found + wrong(
            still_with_who_gave_up=self.held.state not in ("handed_over", "withdrawn")
        )


class DoubleSigning(Scene):
    name = "sign"
    crowd = {FIRM: 5, COLLEGE: 5, OFFICE: 4, OTHERS: 2}

    def prepare(self, number: int) -> None:
        stage = self.stage
        pairs = {"chain": self.chain, "giver": stage.school, "unit": stage.unit, "enterprise": stage.firm}
        self.pair = Pairing.objects.filter(**pairs, state="confirmed").first() or make.pairing(
            self.chain, state="confirmed", **{name: row for name, row in pairs.items() if name != "chain"}
        )
        if not self.pair.matches.exists():
            agreements.match(self.pair)
        today = make.today()
        self.agreement = agreements.final(self.pair, starts_on=today, ends_on=today + timedelta(days=365))
        self.parties = list(parties_of(self.agreement))
        self.digest = last_version(self.agreement).sha256

    def shot(self, place: Place, at: int) -> Shot:
        college, firm, party = self.parties
        whose = {FIRM: firm, COLLEGE: college, OFFICE: party, OTHERS: firm}[place.kind]
        body = {"signed_on": make.today().isoformat(), "signer": "张三", "sha256": self.digest}
        return Shot(f"/agreements/{self.agreement.pk}/sign/{whose.pk}", body)

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = self.agreement
        row.refresh_from_db()
        signed = Counter(
            Signature.objects.filter(revision__agreement=row, voided_at=None).values_list("party", flat=True)
        )
        concluded = AuditEntry.objects.filter(action="agreements.conclude", subject_id=str(row.pk)).count()
        clauses = sum(bool(clause.get("obligation")) for clause in last_version(row).clauses)
        return row.state, wrong(
            not_signed=row.state != "signed",
            not_once_by_each=signed != Counter(party.pk for party in self.parties),
            concluded_more_or_less_than_once=concluded != 1,
            promises_twice=Obligation.objects.filter(agreement=row).count() != clauses,
        )


class WithdrawnAnswer(Scene):
    name = "answer and withdraw"
    crowd = {COLLEGE: 8, FIRM: 4, OFFICE: 2, OTHERS: 2}

    def prepare(self, number: int) -> None:
        self.need, self.offer = self.lists()
        self.match = make.match(self.need, self.offer, need_said="accept")

    def shot(self, place: Place, at: int) -> Shot:
        if place.kind in (FIRM, OFFICE):
            return Shot(f"/matches/{self.match.pk}/withdraw")
        said = ("accept", "decline", "accept", "rescope")[at % 4]
        return Shot(f"/matches/{self.match.pk}/{said}", {"reason": "time", "scope": "只要两天"})

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = Match.objects.get(pk=self.match.pk)
        self.need.refresh_from_db()
        said = Counter(Answer.objects.filter(match=row).values_list("said", flat=True))
        return row.state, wrong(
            accepted_without_both=row.state == "accepted"
            and (row.need_said, row.offer_said) != ("accept", "accept"),
            two_outcomes=said["accept"] * (row.state == "accepted") + said["decline"] > 1,
            declined_and_not=bool(said["decline"]) != (row.state == "declined"),
            need_in_hand_without_a_match=(self.need.state == "matching") != (row.state == "accepted"),
            settled_without_a_time=(row.state != "offered") != (row.settled_at is not None),
        )

    def clear(self) -> None:
        Entry.objects.filter(pk__in=[self.need.pk, self.offer.pk]).update(state="withdrawn")


class TwoRounds(Scene):
    """Two plans over the same three places."""

    name = "publish two rounds"
    crowd = {OFFICE: 7, OTHERS: 1}
    plans = 2

    def prepare(self, number: int) -> None:
        self.entries = [self.lists(capacity=1) for _ in range(3)]
        self.rounds = [make.held_round(self.chain, self.stage.actors[OFFICE]) for _ in range(self.plans)]

    def shot(self, place: Place, at: int) -> Shot:
        return Shot(f"/rounds/{self.rounds[at % self.plans].pk}/publish")

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        states = [
            row.state for row in Round.objects.filter(pk__in=[row.pk for row in self.rounds]).order_by("pk")
        ]
        used = Counter(
            Match.objects.filter(chain=self.chain, state="offered").values_list("offer", flat=True)
        )
        offers = {offer.pk: offer.capacity or 0 for _need, offer in self.entries}
        return f"{states.count('published')} published", wrong(
            place_promised_twice=any(count > offers.get(pk, 0) for pk, count in used.items()),
            both_published=states.count("published") != 1,
            half_a_plan=Match.objects.filter(
                round__in=self.rounds, round__state="published", state="planned"
            ).exists(),
        )

    def clear(self) -> None:
        Match.objects.filter(chain=self.chain, state__in=["offered", "accepted"]).update(state="withdrawn")
        Entry.objects.filter(chain=self.chain).update(state="withdrawn")


class ChangedEntry(TwoRounds):
    """An entry is withdrawn by its side, another's places are taken away by the office, while the plan is published."""

    name = "publish, withdraw, lower"
    crowd = {OFFICE: 8, COLLEGE: 4, FIRM: 4}
    plans = 1

    def shot(self, place: Place, at: int) -> Shot:
        if place.kind == OFFICE and at % 4 == 0:
            return Shot(f"/api/entries/{self.entries[1][1].pk}", {"capacity": 0}, self.stage.token)
        if place.kind == OFFICE:
            return super().shot(place, at)
        entry = self.entries[0][place.kind == COLLEGE]
        return Shot(f"/entries/{entry.pk}/move/withdraw")

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = Round.objects.get(pk=self.rounds[0].pk)
        gone = Entry.objects.filter(pk__in=[one.pk for one in self.entries[0]], state="withdrawn")
        published = first_event("matching.publish_round", row.pk)
        # The trail is in the order of the commits: what it tells first was true for what it tells next.
        late = [one.pk for one in gone if published and first_event("lists.withdraw", one.pk) < published]
        live = Match.objects.filter(state="offered", round=row)
        lowered = self.entries[1][1]
        lowered.refresh_from_db()
        was_lower = bool(published) and 0 < first_event("lists.edit_entry", lowered.pk) < published
        return f"{row.state}, {gone.count()} gone, {lowered.capacity} left", wrong(
            promised_after_it_was_lowered=was_lower and live.filter(offer=lowered).exists(),
            never_lowered=lowered.capacity != 0,
            promised_after_it_was_gone=live.filter(need__in=late).exists()
            or live.filter(offer__in=late).exists(),
            half_a_plan=row.state == "published" and row.matches.filter(state="planned").exists(),
        )


class RunningRound(ChangedEntry):
    """The same while the worker computes the plan."""

    name = "run, withdraw, lower"

    def prepare(self, number: int) -> None:
        self.entries = [self.lists(capacity=1) for _ in range(3)]
        self.rounds = [begin_round(by=self.stage.actors[OFFICE], chain=self.chain, title="一轮")]

    def shot(self, place: Place, at: int) -> Shot:
        if place.kind == OFFICE and at % 4:
            return Shot(f"/rounds/{self.rounds[0].pk}/do/run")
        return super().shot(place, at)

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row, end = self.rounds[0], time.monotonic() + 60
        while time.monotonic() < end and row.state == "running":
            time.sleep(0.1)
            row.refresh_from_db()
        row.refresh_from_db()
        while time.monotonic() < end and row.state == "running":
            time.sleep(0.1)
            row.refresh_from_db()
        whole = (
            row.state == "draft" or (hasattr(row, "record") and row.matches.exists()) or row.state == "ready"
        )
        return f"{row.state}, {row.matches.count()} planned", wrong(
            never_ended=row.state == "running", half_a_plan=not whole,
            planned_without_a_record=row.matches.exists() and not hasattr(row, "record"),
        )  # fmt: skip


class ThreeSides(Scene):
    name = "confirm and decline a pair"
    crowd = {FIRM: 5, COLLEGE: 5, OFFICE: 5, OTHERS: 1}

    def prepare(self, number: int) -> None:
        stage = self.stage
        Pairing.objects.filter(chain=self.chain, state="confirmed").update(
            state="ended", ends_on=make.today(), ended_reason="下一轮"
        )
        self.pair = make.pairing(self.chain, giver=stage.school, unit=stage.unit, enterprise=stage.firm)

    def shot(self, place: Place, at: int) -> Shot:
        if place.kind == COLLEGE and at % 5 == 0:
            return Shot(f"/pairings/{self.pair.pk}/decline", {"reason": "学期已排满"})
        return Shot(f"/pairings/{self.pair.pk}/confirm")

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = Pairing.objects.get(pk=self.pair.pk)
        said = [row.giver_confirmed_at, row.enterprise_confirmed_at, row.office_confirmed_at]
        events = Counter(
            AuditEntry.objects.filter(subject_type="matching.pairing", subject_id=str(row.pk)).values_list(
                "action", flat=True
            )
        )
        return row.state, wrong(
            confirmed_without_all=(row.state == "confirmed") != all(said),
            declined_and_confirmed=row.state == "confirmed" and events["matching.decline_pairing"] > 0,
            confirmed_twice=events["matching.confirm_pairing"] > 3,
            declined_twice=events["matching.decline_pairing"] > 1,
            undecided=row.state == "proposed",
        )

    def clear(self) -> None:
        Pairing.objects.filter(pk=self.pair.pk, state="confirmed").update(
            state="ended", ends_on=make.today(), ended_reason="下一轮"
        )


class OneOutcome(Scene):
    name = "confirm and dispute"
    crowd = {FIRM: 2, COLLEGE: 1, OTHERS: 1}

    def prepare(self, number: int) -> None:
        drafted = draft_project(by=SYSTEM, chain=self.chain, title=f"成果{number}", sponsor=self.stage.firm)
        now, stage = timezone.now(), self.stage
        project = publish_project(drafted, by=SYSTEM, now=now)
        claim(project, by=SYSTEM, now=now, organisation=stage.school, unit=stage.unit)
        kind = OutcomeKind.objects.filter(chain=self.chain, is_whole=True).first()
        facts = {"kind": kind, "amount": Decimal(30), "achieved_on": make.today()}
        self.row = report_outcome(
            Project.objects.get(pk=project.pk), by=stage.actors[COLLEGE], now=now, **facts
        )

    def shot(self, place: Place, at: int) -> Shot:
        said = {
            FIRM: ("confirm", "dispute"),
            COLLEGE: ("dispute", "confirm", "withdraw"),
            OTHERS: ("confirm",),
        }[place.kind]
        return Shot(f"/outcomes/{self.row.pk}/{said[at % len(said)]}", {"reason": "人数不符"})

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        row = Outcome.objects.get(pk=self.row.pk)
        both = bool(row.sponsor_confirmed_at and row.holder_confirmed_at)
        return row.state, wrong(
            counted_without_both=row.state == "confirmed" and not both,
            agreed_and_not_counted=row.state == "reported" and both,
            disputed_without_a_word=row.state == "disputed" and not row.disputed_reason,
        )

    def clear(self) -> None:
        stop_project(Project.objects.get(pk=self.row.project_id), by=SYSTEM, reason="下一轮")


def first_event(action: str, pk: int) -> int:
    found = (
        AuditEntry.objects.filter(action=action, subject_id=str(pk))
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    return found or 0


SCENES = [
    DoubleClaim, HandOver, DoubleSigning, WithdrawnAnswer, TwoRounds, ChangedEntry, RunningRound, ThreeSides, OneOutcome,
]  # fmt: skip
