"""Instances from .npz files, as published reviewer-assignment data have them, and results as JSON."""

import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import door
from .plan import Plan
from .problem import Problem
from .refusal import BadProblem

NEEDED = ("scores", "coverage", "load_ub")
KNOWN = (*NEEDED, "load_lb", "forbidden", "conflict", "fixed")


def read_instance(path: Path) -> tuple[Problem, tuple[str, ...]]:
    """The problem of a file, and the names of the arrays in it that were not looked at.

    `scores` (demands, suppliers), `coverage` (demands,), `load_ub` and `load_lb` (suppliers,); optional `forbidden`,
    also called `conflict`, and `fixed`: matrices of truth values or lists of pairs. Raises BadProblem, OSError.
    """
    arrays = _arrays(path)
    for name in NEEDED:
        if name not in arrays:
            raise BadProblem("missing", name, ", ".join(sorted(arrays)) or None)
    scores = arrays["scores"]
    shape = scores.shape if scores.ndim == 2 else (0, 0)
    forbidden = [_pairs(name, arrays[name], shape) for name in ("forbidden", "conflict") if name in arrays]
    problem = Problem.dense(
        scores,
        arrays["coverage"],
        arrays["load_ub"],
        arrays.get("load_lb", 0),
        forbidden=np.unique(np.concatenate(forbidden), axis=0) if forbidden else None,
        fixed=arrays.get("fixed"),
    )
    return problem, tuple(sorted(set(arrays) - set(KNOWN)))


def result_of(plan: Plan) -> dict[str, Any]:
    """The plan as JSON has it; null stands for what is not known."""
    return {
        "status": plan.status,
        "sum": plan.sum,
        "worst": plan.worst,
        "bound": _number(plan.bound),
        "worst_bound": _number(plan.worst_bound),
        "gap": _number(plan.gap),
        "seconds": round(plan.seconds, 6),
        "pairs": plan.pairs.tolist(),
        "relaxation": [
            {"kind": slack.kind, "index": slack.index, "by": slack.by} for slack in plan.relaxation
        ],
    }


def write_result(plan: Plan, path: Path) -> None:
    path.write_text(json.dumps(result_of(plan), allow_nan=False) + "\n", encoding="utf-8")


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise BadProblem("not an .npz file", str(path))
            return {name: file[name] for name in file.files}
    except (zipfile.BadZipFile, EOFError) as error:
        raise BadProblem("not an .npz file", str(path)) from error
    except ValueError as error:
        if isinstance(error, BadProblem):
            raise
        raise BadProblem("not an .npz file of plain arrays", str(path)) from error


def _pairs(name: str, marked: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.int64]:
    return np.asarray(door.marked(name, marked, shape), np.int64).reshape(-1, 2)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
