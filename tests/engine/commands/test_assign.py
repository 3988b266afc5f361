import json

import numpy as np
import pytest
from click.testing import CliRunner

from lianqiao.config.cli import main
from lianqiao_engine.commands import assign as assign_command

INSTANCE = {
    "scores": np.array([[1.0, 0.5], [0.75, 0.25]]),
    "coverage": np.array([1, 1]),
    "load_ub": np.array([1, 1]),
    "load_lb": np.array([0, 0]),
}


@pytest.fixture
def assign(tmp_path):
    def run(instance, *more: str):
        file, out = tmp_path / "instance.npz", tmp_path / "result.json"
        if isinstance(instance, bytes):
            file.write_bytes(instance)
        else:
            np.savez(file, **instance)
        result = CliRunner().invoke(main, ["assign", str(file), "-o", str(out), *more])
        return result, json.loads(out.read_text()) if out.exists() else None

    return run


@pytest.mark.parametrize("objective", ["best", "fair", "fast"])
def test_assign_writes_the_plan_with_its_bound(assign, objective):
    result, written = assign(INSTANCE, "--objective", objective)

    assert result.exit_code == 0, result.output
    assert written.pop("seconds") >= 0
    assert {**written, "gap": round(written["gap"], 6), "bound": round(written["bound"], 6)} == {
        "status": "optimal",
        "sum": 1.25,
        "worst": written["worst"],
        "bound": 1.25,
        "worst_bound": written["worst_bound"],
        "gap": 0,
        "pairs": [[0, 1], [1, 0]] if objective == "fair" else written["pairs"],
        "relaxation": [],
    }


def test_assign_keeps_forbidden_and_fixed_pairs(assign):
    forbidden = np.array([[True, False], [False, False]])
    _, written = assign({**INSTANCE, "forbidden": forbidden, "fixed": np.array([[1, 0]])})
    _, same = assign({**INSTANCE, "conflict": forbidden})

    assert written["pairs"] == same["pairs"] == [[0, 1], [1, 0]]


def test_assign_of_what_cannot_be_says_what_must_give_way(assign):
    result, written = assign({**INSTANCE, "load_ub": np.array([1, 0])})

    assert result.exit_code == 0
    assert (written["status"], written["pairs"], written["bound"]) == ("infeasible", [], None)
    assert written["relaxation"] == [{"kind": "capacity", "index": 1, "by": 1}]
    assert "infeasible; smallest relaxation" in result.output


@pytest.mark.parametrize(
    ("instance", "said"),
    [
        (b"PK\x03\x04 no archive", "not an .npz file"),
        (b"text", "not an .npz file"),
        ({"scores": np.ones((2, 2))}, "coverage: missing"),
        ({**INSTANCE, "scores": np.array([[1.0, np.nan], [0, 0]])}, "scores[0, 1]: not finite"),
        ({**INSTANCE, "load_ub": np.array([1, -1])}, "capacity[1]: negative"),
        ({**INSTANCE, "coverage": np.array([1, 1, 1])}, "shape"),
        ({**INSTANCE, "scores": np.array([["a", "b"]])}, "scores: not numbers"),
        ({**INSTANCE, "scores": np.array([[object()]])}, "not an .npz file of plain arrays"),
        ({**INSTANCE, "forbidden": np.ones((3, 3), bool)}, "forbidden: shape"),
    ],
)
def test_assign_refuses_a_bad_file_and_writes_nothing(assign, instance, said):
    result, written = assign(instance)

    assert (result.exit_code, written) == (2, None)
    assert said in result.output


def test_assign_refuses_an_unknown_objective(assign):
    assert assign(INSTANCE, "--objective", "minmax")[0].exit_code == 2


def test_assign_without_a_time_limit_ends_after_ten_minutes_at_the_latest(assign, monkeypatch):
    given = {}
    solve = assign_command.solve
    monkeypatch.setattr(
        assign_command, "solve", lambda problem, **how: given.update(how) or solve(problem, **how)
    )
    assign(INSTANCE)

    assert given["time_limit"] == 600
