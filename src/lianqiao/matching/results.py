"""What pages and tables keep of a round's result, as plain data."""

from dataclasses import asdict
from typing import Any

from lianqiao.matching.engine import Stored, reasons_of


def summary_of(stored: Stored) -> dict[str, Any]:
    """What pages show of a result without reading the whole of it."""
    result = stored.result
    return {
        "needs": len(stored.needs),
        "offers": len(stored.offers),
        "matches": len(result.matches),
        "matched": len({match.need for match in result.matches}),
        "unserved": len(result.missed),
        "sum": result.sum,
        "worst": result.worst,
        "bound": result.bound,
        "gap": result.gap,
        "status": result.status,
        "objective": stored.rules.objective,
        "prices": [asdict(price) for price in result.prices],
        "limits": [asdict(limit) for limit in result.limits],
        "refused": [asdict(one) for one in result.refused],
    }


def planned(stored: Stored) -> list[dict[str, Any]]:
    """The matches of a result: ids, score, place among those of the need, weighty reasons."""
    by_need: dict[str, int] = {}
    rows = []
    for match in sorted(
        stored.result.matches, key=lambda match: (int(match.need), -match.score, match.offer)
    ):
        by_need[match.need] = by_need.get(match.need, 0) + 1
        rows.append(
            {
                "need": int(match.need),
                "offer": int(match.offer),
                "score": match.score,
                "rank": by_need[match.need],
                "reasons": reasons_of(match.reasons, match.score),
            }
        )
    return rows


def outlook(stored: Stored) -> list[dict[str, Any]]:
    """For each need: why it is unserved, the nearest, and the best three that were not chosen."""
    missed = {one.need: one for one in stored.result.missed}
    others: dict[str, list[dict[str, Any]]] = {}
    for one in stored.result.alternatives:
        others.setdefault(one.need, []).append(asdict(one))
    rows = []
    for need in stored.needs:
        left = missed.get(need.id)
        rows.append(
            {
                "need": int(need.id),
                "why": left.why if left else "",
                "best": int(left.best) if left and left.best else None,
                "score": left.score if left else 0.0,
                "bars": list(left.bars) if left else [],
                "others": others.get(need.id, []),
            }
        )
    return rows
