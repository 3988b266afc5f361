import re
import sys

import check
import pytest


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments: str, **checks: str) -> tuple[int, str]:
        monkeypatch.setattr(check, "CHECKS", {name: python(code) for name, code in checks.items()})
        monkeypatch.setattr(sys, "argv", ["check.py", *arguments])
        return check.main(), re.sub(r" \(\d+ s\)", "", capsys.readouterr().out)

    return run


def test_all_checks_run_after_one_has_failed_and_only_failures_are_quoted(run):
    code, said = run(types="print('noise')", lint="import sys; sys.exit('line 3 is wrong')", house="")
    assert code == 1
    assert said == "types: ok\nlint: FAILED\nline 3 is wrong\nhouse: ok\n"


def test_checks_without_finding_exit_with_0(run):
    assert run(types="", lint="") == (0, "types: ok\nlint: ok\n")


def test_named_check_runs_alone(run):
    assert run("lint", types="raise SystemExit(1)", lint="") == (0, "lint: ok\n")


def test_unknown_check_names_those_there_are(run):
    with pytest.raises(SystemExit, match="no such check: linter; there are: types, lint"):
        run("linter", types="", lint="")


def test_checks_see_an_empty_data_folder_and_no_database_of_the_caller(run, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://office")
    code, said = run(
        look="import os, sys; sys.exit('%s %s' % (os.listdir(os.environ['LIANQIAO_DATA']),"
        " os.environ.get('DATABASE_URL')))"
    )
    assert (code, said) == (1, "look: FAILED\n[] None\n")
