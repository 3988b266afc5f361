"""`lianqiao rounds replay`: the same plan to the bit, or what differs."""

import pytest
from click.testing import CliRunner

from lianqiao.config.cli import main
from lianqiao.matching import engine
from lianqiao.matching.actions.rounds import begin_round
from lianqiao.matching.models import RoundRecord
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)


def replay(pk: int):
    return CliRunner().invoke(main, ["rounds", "replay", str(pk)])


def test_rounds_replay_tells_that_it_is_the_same():
    row = make.held_round(lists().chain)

    result = replay(row.pk)

    assert result.exit_code == 0, result.output
    assert "The same plan to the bit" in result.output
    assert "All rules hold" in result.output


def test_rounds_replay_of_another_engine_says_what_differs(monkeypatch):
    row = make.held_round(lists().chain)
    real = engine.hold
    monkeypatch.setattr(
        engine, "hold", lambda needs, offers, *rest, **more: real(needs, offers[:1], *rest, **more)
    )
    RoundRecord.objects.update(engine_version="0.0.9+older")

    result = replay(row.pk)

    assert result.exit_code == 1
    assert "(kept by 0.0.9+older)" in result.output
    assert "2 matches gone, 0 new" in result.output


def test_rounds_replay_of_a_record_that_was_touched_says_so():
    row = make.held_round(lists().chain)
    RoundRecord.objects.update(sha256="0" * 64)

    result = replay(row.pk)

    assert (result.exit_code, "is not what was written" in result.output) == (1, True)


def test_rounds_replay_of_what_was_never_held_is_refused():
    here = lists()
    row = begin_round(by=make.actor("office_admin", here.chain), chain=here.chain, title="一轮")

    assert "never held" in replay(row.pk).output
    assert replay(999_999).exit_code == 2
