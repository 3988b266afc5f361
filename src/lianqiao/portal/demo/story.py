"""What became of some needs of the demo: by its people, through the actions of the pages, on days gone by."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lianqiao.agreements.actions.drafting import draft_from_pairing
from lianqiao.agreements.actions.editing import settle_terms
from lianqiao.agreements.actions.keeping import keep
from lianqiao.agreements.actions.moves import send
from lianqiao.agreements.actions.reviewing import agree, approve
from lianqiao.agreements.actions.signing import note_signature
from lianqiao.agreements.models import Agreement, AgreementParty, ObligationDate
from lianqiao.agreements.queries import dates_of, last_version, parties_of
from lianqiao.core.actor import Actor
from lianqiao.matching.actions.matches import accept, invite
from lianqiao.matching.actions.pairings import confirm_pairing
from lianqiao.matching.models import Match, Pairing
from lianqiao.matching.nearness import Fit
from lianqiao.matching.queries.suggestions import fit_of
from lianqiao.portal.demo.case import run_the_round
from lianqiao.portal.demo.content import content
from lianqiao.projects.actions.claims import claim
from lianqiao.projects.actions.evidence import add_evidence
from lianqiao.projects.actions.kinds import begin_kinds
from lianqiao.projects.actions.moves import accept_work, deliver, publish_project
from lianqiao.projects.actions.outcomes import confirm_outcome, report_outcome
from lianqiao.projects.actions.projects import draft_from_match, edit_project
from lianqiao.projects.actions.work import add_milestone, finish_milestone, note_work
from lianqiao.projects.models import Project
from lianqiao.projects.queries import outcome_kinds_of
from lianqiao.registry.models import Chain
from lianqiao.registry.queries import actor_in, positions_held

if TYPE_CHECKING:
    from lianqiao.portal.demo.loading import Demo

OFFICE, SCHOOL = "wangjing", "hanyu"


class Teller:
    """The demo's people as actors, and the moments at which they did something."""

    def __init__(self, demo: "Demo") -> None:
        self.demo, self.now = demo, timezone.now()
        self.actors: dict[str, Actor] = {}

    def by(self, username: str) -> Actor:
        if username not in self.actors:
            person = self.demo.people[username]
            self.actors[username] = actor_in(positions_held(person, self.demo.today)[0], person)
        return self.actors[username]

    def at(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def day(self, days: int) -> Any:
        return self.demo.day(-days)


def load_story(demo: "Demo", chain: Chain) -> None:
    told, facts = Teller(demo), content("story")
    begin_kinds(chain, by=told.by(OFFICE))
    begun = [*facts["stories"], *facts["invitations"]]
    # All at once: each invitation changes the lists, which would be prepared anew for the next.
    fits = [fit_of(demo.entries[one["need"]], demo.entries[one["offer"]]) for one in begun]
    for one, fit in zip(begun, fits, strict=True):
        if "by" in one:
            invited(told, one, fit, one["by"], one["days"])
        else:
            tell(told, one, fit)
    run_the_round(told, chain, OFFICE)


def invited(told: Teller, facts: dict[str, Any], fit: Fit | None, by: str, days: int) -> Match:
    need, offer = told.demo.entries[facts["need"]], told.demo.entries[facts["offer"]]
    return invite(need, offer, by=told.by(by), now=told.at(days), fit=fit)


def tell(told: Teller, facts: dict[str, Any], fit: Fit | None) -> None:
    match = invited(told, facts, fit, facts["enterprise"], facts["invited"])
    match = accept(match, by=told.by(facts["college"]), now=told.at(facts["answered"]))
    paired(told, facts, match.pairing)
    agreement = agreed(told, facts, match.pairing)
    if "signed" in facts["agreement"]:
        signed(told, facts, agreement)
    worked(told, facts, match)


def paired(told: Teller, facts: dict[str, Any], pairing: Pairing) -> None:
    for place, who in enumerate((facts["college"], facts["enterprise"], OFFICE)):
        moment = told.at(facts["paired"] - place / 10)
        pairing = confirm_pairing(pairing, by=told.by(who), now=moment)


def agreed(told: Teller, facts: dict[str, Any], pairing: Pairing) -> Agreement:
    terms, office = facts["agreement"], told.by(OFFICE)
    pairing.refresh_from_db()
    then, starts_on = told.at(terms["drafted"]), told.day(terms.get("signed", 0))
    row = draft_from_pairing(
        pairing,
        "school_enterprise",
        by=office,
        now=then,
        starts_on=starts_on,
        ends_on=told.day(terms["days"]),
    )
    said = zip(terms["represented_by"], terms["liaison"], strict=True)
    people = {
        place: {"represented_by": one, "liaison": two} for place, (one, two) in enumerate(said, start=1)
    }
    row = settle_terms(
        row, by=office, title=row.title, starts_on=row.starts_on, ends_on=row.ends_on, dimensions=row.dimensions,
        typed=terms["typed"], people=people,
    )  # fmt: skip
    return send(row, by=office, now=then)


def signed(told: Teller, facts: dict[str, Any], agreement: Agreement) -> None:
    terms, number = facts["agreement"], last_version(agreement).number
    school, enterprise = parties_of(agreement)
    for party, who in ((school, facts["college"]), (enterprise, facts["enterprise"])):
        agree(party, by=told.by(who), now=told.at(terms["drafted"] - 2), version=number)
    approve(school, by=told.by(SCHOOL), now=told.at(terms["drafted"] - 3), version=number)
    for party, signer in zip((school, enterprise), terms["represented_by"], strict=True):
        sign(told, terms, party, signer)
    for kept in terms["kept"]:
        due = dates_of(agreement, [ObligationDate.State.DUE]).filter(obligation__what=kept["what"])
        day = {"done_on": told.day(kept["days"]), "note": kept["note"]}
        keep(due.order_by("due_on")[0], by=told.by(facts["college"]), now=told.at(kept["days"]), **day)


def sign(told: Teller, terms: dict[str, Any], party: AgreementParty, signer: str) -> None:
    moment, day = told.at(terms["signed"]), told.day(terms["signed"])
    note_signature(party, by=told.by(OFFICE), now=moment, signed_on=day, signer=signer)


def worked(told: Teller, facts: dict[str, Any], match: Match) -> None:
    about, college = facts["project"], told.by(facts["college"])
    row = draft_from_match(match, by=told.by(OFFICE))
    days = {"starts_on": told.day(about["claimed"]), "ends_on": told.day(about["ends"])}
    row = edit_project(row, by=told.by(OFFICE), title=about["title"], **days)
    publish_project(row, by=told.by(OFFICE), now=told.at(about["published"]))
    claim(row, by=college, now=told.at(about["claimed"]), organisation=match.giver, unit=match.unit)
    row.refresh_from_db()
    steps = [step(told, row, one, by=college) for one in about["milestones"]]
    for one in about["notes"]:
        note_work(
            row, by=college, now=told.at(one["days"]), worked_on=told.day(one["days"]), text=one["text"]
        )
    for one in about["evidence"]:
        moment, content_ = told.at(about["milestones"][one["milestone"]]["done"]), one["text"].encode()
        named = {"code": one["code"], "name": one["name"], "milestone": steps[one["milestone"]]}
        add_evidence(row, by=college, now=moment, content=content_, **named)
    brought(told, facts, row)


def step(told: Teller, project: Project, facts: dict[str, Any], *, by: Actor) -> Any:
    row = add_milestone(project, by=by, title=facts["title"], due_on=told.day(facts["due"]))
    if "done" in facts:
        row = finish_milestone(row, by=by, now=told.at(facts["done"]), done_on=told.day(facts["done"]))
    return row


def brought(told: Teller, facts: dict[str, Any], project: Project) -> None:
    about, college, enterprise = facts["project"], told.by(facts["college"]), told.by(facts["enterprise"])
    for one in about["outcomes"]:
        kind = outcome_kinds_of(project.chain_id).get(name=one["kind"])
        said = {"amount": Decimal(one["amount"]), "description": one["description"]}
        row = report_outcome(
            project,
            by=college,
            now=told.at(one["days"]),
            kind=kind,
            achieved_on=told.day(one["days"]),
            **said,
        )
        confirm_outcome(row, by=enterprise, now=told.at(one["days"] - 1))
    if "delivered" in about:
        deliver(project, by=college, now=told.at(about["delivered"]))
        accept_work(project, by=enterprise, now=told.at(about["accepted"]))
