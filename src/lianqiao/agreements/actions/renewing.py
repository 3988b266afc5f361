"""The next agreement between the same parties begins with what became of the last."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.drafting import begin
from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.agreements.queries import last_version, parties_of, template_in_use
from lianqiao.agreements.review import review_clause
from lianqiao.agreements.scheduling import a_year_after
from lianqiao.core.actor import Actor
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused

State = Agreement.State
OF_PARTY = (
    "position",
    "organisation",
    "unit",
    "party_organisation",
    "person_name",
    "represented_by",
    "liaison",
)


class RenewedAlready(Refused):
    code = "renewed_already"
    sentence = _("这份协议已有续签：“%(title)s”。")


class NothingToRenew(Refused):
    code = "nothing_to_renew"
    sentence = _("只有已签订或已到期的协议可以续签。")


def renew(agreement: Agreement, *, by: Actor, now: datetime) -> Agreement:
    """The text as it was signed, the term that follows, and a clause of what was kept and what was not.

    Raises NothingToRenew, RenewedAlready, NotPermitted.
    """
    require(by, "agreements.renew", agreement)
    if agreement.state not in (State.SIGNED, State.EXPIRED):
        raise NothingToRenew
    if renewal := agreement.renewed_by.exclude(state=State.ABANDONED).first():
        raise RenewedAlready(title=renewal.title)
    version = last_version(agreement)
    parties = [
        AgreementParty(**{name: getattr(party, name) for name in OF_PARTY}) for party in parties_of(agreement)
    ]
    row = Agreement(
        chain=agreement.chain, kind=agreement.kind, title=agreement.title, pairing=agreement.pairing,
        dimensions=agreement.dimensions, renews=agreement, template=template_in_use(agreement.chain_id, agreement.kind),
    )  # fmt: skip
    if agreement.ends_on and agreement.starts_on:
        row.starts_on = agreement.ends_on + timedelta(days=1)
        row.ends_on = same_length(agreement.starts_on, agreement.ends_on)
    typed = {name: each["value"] for name, each in version.fields.items() if each["origin"] == "typed"}
    clauses = [clause for clause in version.clauses if clause["key"] != "review"]
    clauses[1:1] = review_clause(agreement)
    matches = list(agreement.matches.select_related("need", "offer").order_by("pk"))
    return begin(row, parties, matches, clauses, typed, by=by, now=now)


def same_length(starts_on: date, ends_on: date) -> date:
    """The last day of a term that follows: so many years where it was whole years, else so many days."""
    first, years = ends_on + timedelta(days=1), 0
    day = starts_on
    while day < first:
        day, years = a_year_after(day), years + 1
    if day != first:
        return first + (ends_on - starts_on)
    for _year in range(years):
        day = a_year_after(day)
    return day - timedelta(days=1)
