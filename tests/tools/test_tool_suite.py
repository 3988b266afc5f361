"""tools/test.py, run upon a suite of one test; its module cannot be imported by name, the standard library has one."""

import contextlib
import importlib.util
from pathlib import Path

import pytest
from postgres import NoBinaries

SCRIPT = Path(__file__).parents[2] / "tools" / "test.py"


@pytest.fixture
def runner():
    spec = importlib.util.spec_from_file_location("suite_runner", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def no_cluster():
    raise NoBinaries("no server here")
    yield


@pytest.mark.parametrize(
    ("ci", "expected"),
    [
        ("", (True, "PostgreSQL: NOT RUN, no server here")),
        ("true", (False, "PostgreSQL: NOT RUN, no server here (in CI this is an error)")),
    ],
)
def test_missing_postgres_is_said_and_in_ci_an_error(runner, monkeypatch, ci, expected):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(runner, "cluster", no_cluster)
    assert runner.on_postgres([]) == expected


@pytest.fixture
def small_suite(tmp_path, monkeypatch):
    """Arguments for a suite in a folder of its own; without the plugins that it has no use for, which load slowly."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    # Later options win over the runner's own: one process is enough here.
    return ["-p", "xdist", "-n", "0", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)]


@pytest.mark.parametrize("url", [None, "postgres://office"])
def test_suite_gets_its_database_from_the_runner_and_a_folder_that_goes_with_it(
    runner, small_suite, monkeypatch, tmp_path, url
):
    monkeypatch.setenv("DATABASE_URL", "postgres://of-the-caller")
    monkeypatch.setenv("LIANQIAO_DATA", "/of-the-caller")
    (tmp_path / "test_one.py").write_text(
        "import os, pathlib, tempfile\n"
        "def test_environment():\n"
        f"    assert os.environ.get('DATABASE_URL') == {url!r}\n"
        "    assert list(pathlib.Path(os.environ['LIANQIAO_DATA']).iterdir()) == []\n"
        "    left = tempfile.mkdtemp()\n"
        f"    pathlib.Path({str(tmp_path)!r}, 'left').write_text(left)\n"
    )
    assert runner.suite("SQLite", url, small_suite) is True
    assert not Path((tmp_path / "left").read_text()).exists()


def test_suite_with_a_failing_test_has_not_passed(runner, small_suite, tmp_path):
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert 1 == 2\n")
    assert runner.suite("SQLite", None, small_suite) is False


def test_suite_without_any_test_has_not_passed(runner, small_suite):
    assert runner.suite("SQLite", None, small_suite) is False


def test_suite_leaves_out_what_the_other_database_tells(runner, small_suite, tmp_path):
    (tmp_path / "test_one.py").write_text(
        "import pytest\n@pytest.mark.other\ndef test_one():\n    assert 1 == 2\ndef test_two():\n    pass\n"
    )
    assert runner.suite("SQLite", None, small_suite, "other") is True
    assert runner.suite("SQLite", None, small_suite) is False


@pytest.mark.parametrize("found", [True, False])
def test_sqlite_alone_leaves_nothing_out(runner, monkeypatch, found):
    told = []
    monkeypatch.setattr(runner, "has_postgres", lambda: found)
    monkeypatch.setattr(runner, "timed", lambda *given: told.append(given[3]) or (True, ""))
    monkeypatch.setattr(runner, "on_postgres", lambda arguments: (True, ""))
    monkeypatch.setattr(runner, "end_on_terminate", lambda: None)
    monkeypatch.setattr("sys.argv", ["test.py"])

    assert runner.main() == 0
    assert told == ["postgresql_tells" if found else ""]
