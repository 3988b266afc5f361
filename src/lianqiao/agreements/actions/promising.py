"""What the clauses of a signed version promise becomes rows with dates, once."""

from typing import Any

from lianqiao.agreements.models import Agreement, AgreementVersion, Obligation, ObligationDate
from lianqiao.agreements.queries import parties_of
from lianqiao.agreements.scheduling import due_days
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record


def promise(agreement: Agreement, version: AgreementVersion, *, by: Actor) -> list[Obligation]:
    """For `conclude`, which holds the agreement's lock and has its dates."""
    sides = {party.position: party for party in parties_of(agreement)}
    found = []
    for clause in version.clauses:
        if owed := clause.get("obligation"):
            row = Obligation(agreement=agreement, clause=clause["key"], **of_clause(owed, sides))
            row.full_clean()
            row.save(force_insert=True)
            days = due_days(row.times, row.every, agreement.starts_on, agreement.ends_on)  # type: ignore[arg-type]
            ObligationDate.objects.bulk_create(ObligationDate(obligation=row, due_on=day) for day in days)
            record(by, "agreements.promise", row, after={"what": row.what, "rows": len(days)})
            found.append(row)
    return found


def of_clause(owed: dict[str, Any], sides: dict[int, Any]) -> dict[str, Any]:
    kept = {name: owed[name] for name in ("what", "times", "every")}
    return kept | {"owed_by": sides.get(owed["by"])}
