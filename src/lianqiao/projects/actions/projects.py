"""How a project begins: written by the office or its sponsor, from a match, from a clause, after another one."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.drafting import dimensions_in
from lianqiao.agreements.models import Agreement, AgreementParty, AgreementVersion
from lianqiao.agreements.queries import parties_of
from lianqiao.agreements.text import filled
from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, creation, locked
from lianqiao.lists.models import Entry
from lianqiao.lists.terms import Audience, audience_of
from lianqiao.matching.models import Match
from lianqiao.projects.models import Project, ProjectKind
from lianqiao.projects.queries import (
    draft_of,
    kinds_of_chain,
    matches_of_agreement,
    next_number,
    signed_version,
)
from lianqiao.projects.telling import tell_office, tell_sponsor
from lianqiao.registry.models import Organisation

LONGEST_TITLE = 120
LONGEST_TEXT = 4000
State = Project.State
EDITED = (
    "kind", "title", "description", "dimensions", "asked", "asked_unit", "claim_by", "starts_on", "ends_on",
)  # fmt: skip


class NotAccepted(Refused):
    code = "not_accepted"
    sentence = _("这条对接还没有达成，不能立项。")


class NotInForce(Refused):
    code = "not_in_force"
    sentence = _("协议还没有签订或已经终止，不能从条款立项。")


class NoSuchClause(Refused):
    code = "no_such_clause"
    sentence = _("签订的协议里没有这一条。")


class NobodyToServe(Refused):
    code = "nobody_to_serve"
    sentence = _("从协议各方看不出这一条为谁而做，请直接起草项目。")


class DraftedAlready(Refused):
    code = "drafted_already"
    sentence = _("已经有一份草稿“%(title)s”，请在那一份上继续。")


def draft_project(*, by: Actor, **fields: Any) -> Project:
    """Raises NotPermitted, ValidationError."""
    return begin(Project(**fields), by=by)


def draft_from_match(match: Match, *, by: Actor) -> Project:
    """What both sides accepted; the giver is asked to do it. Raises NotAccepted, DraftedAlready, NotPermitted."""
    with transaction.atomic():
        match = locked(match)
        if match.state != Match.State.ACCEPTED:
            raise NotAccepted
        refuse_second(draft_of(match))
        need = match.need
        agreement = match.agreements.filter(state=Agreement.State.SIGNED).order_by("-pk").first()
        starts_on, ends_on = in_order(need.starts_on, need.due_on)
        row = Project(
            chain=match.chain, need=need, match=match, agreement=agreement, title=need.title,
            description=match.scope or open_text(need), dimensions=dimensions_in([match]),
            sponsor=match.enterprise, sponsor_unit=need.unit, asked=match.giver, asked_unit=match.unit,
            starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip
        if row.sponsor_unit and row.sponsor_unit.organisation_id != row.sponsor_id:
            row.sponsor_unit = None  # the entry changed hands since
        return begin(row, by=by)


def draft_from_agreement(agreement: Agreement, clause: str, *, by: Actor) -> Project:
    """One clause of the signed text; whoever owes it is asked to do it.

    Raises NotInForce, NoSuchClause, NobodyToServe, DraftedAlready, NotPermitted.
    """
    with transaction.atomic():
        agreement = locked(agreement)
        if agreement.state != Agreement.State.SIGNED:
            raise NotInForce
        version = signed_version(agreement)
        found = next((each for each in version.clauses if each["key"] == clause), None)
        if found is None:
            raise NoSuchClause
        row = of_clause(agreement, version, found)
        refuse_second(draft_of(agreement, row.title))
        return begin(row, by=by)


def open_text(need: Entry) -> str:
    """What the asker told to the office alone stays there."""
    return "" if audience_of(need, "description") == Audience.OFFICE else need.description


def of_clause(agreement: Agreement, version: AgreementVersion, clause: dict[str, Any]) -> Project:
    owed = clause.get("obligation") or {}
    sponsor, asked = sides_in(agreement, owed.get("by", 0))
    matches = matches_of_agreement(agreement)
    match = matches[0] if len(matches) == 1 else None
    title = owed.get("what") or filled(clause["title"], version.fields) or agreement.title
    return Project(
        chain=agreement.chain, agreement=agreement, match=match, need=match.need if match else None,
        title=title[:LONGEST_TITLE], description=filled(clause["text"], version.fields)[:LONGEST_TEXT],
        dimensions=agreement.dimensions, sponsor=sponsor.organisation, sponsor_unit=sponsor.unit,
        asked=asked.organisation if asked else None, asked_unit=asked.unit if asked else None,
        starts_on=agreement.starts_on, ends_on=agreement.ends_on,
    )  # fmt: skip


def sides_in(agreement: Agreement, owed_by: int) -> tuple[AgreementParty, AgreementParty | None]:
    """(for whom, by whom): whoever owes it does it for the other; where all do, the school for the enterprise."""
    places = [party for party in parties_of(agreement) if party.organisation]
    doers = [party for party in places if party.position == owed_by]
    doers = doers or [party for party in places if kind_of(party) == Organisation.Kind.SCHOOL]
    others = [party for party in places if party.organisation_id not in {p.organisation_id for p in doers}]
    firms = [party for party in others if kind_of(party) == Organisation.Kind.ENTERPRISE]
    if not (firms or others):
        raise NobodyToServe
    return (firms or others)[0], doers[0] if doers else None


def kind_of(party: AgreementParty) -> str:
    return party.organisation.kind if party.organisation else ""


def follow_up(project: Project, *, by: Actor) -> Project:
    """Another one after this, between the same two; what was agreed stays its origin. Raises NotPermitted."""
    with transaction.atomic():
        project = locked(project)
        require(by, "projects.follow_up", project)
        if project.state not in (State.ACCEPTED, State.STOPPED):
            raise StateMoved(state=project.get_state_display(), move=_("起草后续项目"))
        return begin(
            Project(
                chain=project.chain, kind=project.kind, title=project.title, description=project.description,
                dimensions=project.dimensions, need=project.need, match=project.match,
                agreement=project.agreement, sponsor=project.sponsor, sponsor_unit=project.sponsor_unit,
                asked=project.holder, asked_unit=project.holder_unit, follows=project,
            ),
            by=by, permission="projects.follow_up",
        )  # fmt: skip


def edit_project(project: Project, *, by: Actor, seen: int | None = None, **fields: Any) -> Project:
    """What is given changes. Once somebody holds it nobody else can be asked. Raises NotPermitted, Stale."""
    with change(project, by=by, permission="projects.edit_project", seen=seen) as row:
        for name, value in fields.items():
            if name.removesuffix("_id") not in EDITED:
                raise KeyError(name)
            if not name.startswith("asked") or row.state == State.DRAFT:
                setattr(row, name, value)
    return row


def begin(row: Project, *, by: Actor, permission: str = "projects.draft_project") -> Project:
    with transaction.atomic():
        row.kind = row.kind or likely_kind(row)
        row.registered_by_id = by.organisation_id
        # Whoever numbers another project of this chain waits here.
        row.number = next_number(locked(row.chain).pk)
        with creation(row, by=by, permission=permission):
            pass
        if by.role not in OFFICE:
            tell_office(row, "project_proposed", by=by)
        elif row.asked_id:
            tell_sponsor(row, "project_proposed", by=by)
    return row


def likely_kind(row: Project) -> ProjectKind | None:
    """The kind whose usual dimensions are most like those of the project."""
    wanted = set(row.dimensions)
    best, most = None, 0.0
    for kind in kinds_of_chain(row.chain_id):
        usual = set(kind.dimensions)
        likeness = len(wanted & usual) / len(wanted | usual) if wanted and usual else 0.0
        if likeness > most:
            best, most = kind, likeness
    return best


def refuse_second(draft: Project | None) -> None:
    if draft:
        raise DraftedAlready(title=draft.title)


def in_order(first: Any, last: Any) -> tuple[Any, Any]:
    return (first, last) if not (first and last and last < first) else (None, last)
