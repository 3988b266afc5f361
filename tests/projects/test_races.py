"""Many want one project at the same moment; the power goes in the middle."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.notices.models import Notice
from lianqiao.projects.actions import claims
from lianqiao.projects.actions.claims import give_up
from lianqiao.projects.actions.kinds import settle_claim_limit
from lianqiao.projects.models import Claim, Project
from tests.projects.rows import SYSTEM, Scene, fresh

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 16


def at_once(steps: Iterable[Callable[[], Any]]) -> Counter[str]:
    """What became of each."""
    steps = list(steps)
    outcomes: Counter[str] = Counter()
    start = threading.Barrier(len(steps))

    def run(step: Callable[[], Any]) -> None:
        start.wait()
        try:
            step()
            outcomes["done"] += 1
        except Refused as refusal:
            outcomes[refusal.code] += 1
        except ValidationError:
            outcomes["invalid"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def crowd():
    scene = Scene()
    scene.places = [scene.enterprise(scene.chain) for _ in range(MANY)]
    scene.acting = [(place, place.actor) for place in scene.places]
    return scene


def wants(project: Project, place: Any, actor: Any) -> Callable[[], Claim]:
    return lambda: claims.claim(project, by=actor, now=timezone.now(), **place.named)


def check(project: Project) -> None:
    """One winner or nobody, and the project says the same as its claims."""
    row = fresh(project)
    held = list(Claim.objects.filter(project=project, state="held"))
    assert len(held) == (row.state in ("working", "delivered"))
    assert [claim.organisation_id for claim in held] == [row.holder_id] * len(held)


def test_claim_by_sixteen_at_once_has_one_winner_and_a_queue(crowd):
    project = crowd.open()

    outcomes = at_once(wants(project, *who) for who in crowd.acting)

    assert outcomes == {"done": MANY}
    assert Counter(Claim.objects.values_list("state", flat=True)) == {"held": 1, "waiting": MANY - 1}
    check(project)
    assert verify().is_whole


def test_claim_by_one_place_at_once_counts_once(crowd):
    project, (place, actor) = crowd.open(), crowd.acting[0]

    outcomes = at_once([wants(project, place, actor)] * MANY)

    assert (outcomes["done"], Claim.objects.count()) == (1, 1)
    check(project)


def test_claims_of_one_place_at_once_stay_within_its_limit(crowd):
    place, actor = crowd.acting[0]
    settle_claim_limit(crowd.chain, place.organisation, None, by=SYSTEM, most=3)
    projects = [crowd.open() for _ in range(MANY)]

    outcomes = at_once(wants(project, place, actor) for project in projects)

    assert outcomes == {"done": 3, "no_room": MANY - 3}
    assert Project.objects.filter(holder=place.organisation).count() == 3
    assert Claim.objects.count() == 3


def test_give_up_and_claim_at_once_leave_one_holder(crowd):
    project = crowd.open()
    winner = wants(project, *crowd.acting[0])()
    steps = [lambda: give_up(winner, by=crowd.acting[0][1], now=timezone.now(), reason="人手不够")] * 4
    steps += [wants(project, *who) for who in crowd.acting[1:13]]

    outcomes = at_once(steps)

    assert outcomes == {"done": 13, "state_moved": 3}
    assert fresh(project).state == "working"
    assert fresh(project).holder_id != crowd.places[0].organisation.pk
    check(project)
    handed = AuditEntry.objects.filter(action="projects.give_up", subject_type="projects.project")
    assert handed.count() == 1


def test_everybody_gives_up_at_once_and_nobody_holds_it(crowd):
    project = crowd.open()
    rows = [(wants(project, *who)(), who[1]) for who in crowd.acting]

    outcomes = at_once(
        (lambda row=row, by=by: give_up(row, by=by, now=timezone.now(), reason="不做了")) for row, by in rows
    )

    assert outcomes == {"done": MANY}
    assert (fresh(project).state, fresh(project).holder_id) == ("open", None)
    check(project)
    assert verify().is_whole


@pytest.mark.parametrize("place", ["creation", "write_back", "tell_sponsor", "tell_office"])
def test_claim_killed_in_the_middle_leaves_nothing_and_can_be_done_again(crowd, place):
    project, who = crowd.open(), crowd.acting[0]
    before = (AuditEntry.objects.count(), Notice.objects.count())
    connections.close_all()

    child = os.fork()
    if not child:
        try:
            real = getattr(claims, place)

            def killed(*args: Any, **facts: Any) -> Any:
                assert connection.in_atomic_block
                if place in ("tell_sponsor", "tell_office"):
                    real(*args, **facts)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(claims, place, killed)
            wants(project, *who)()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (fresh(project).state, fresh(project).holder_id, Claim.objects.count()) == ("open", None, 0)
    assert (AuditEntry.objects.count(), Notice.objects.count()) == before
    assert wants(project, *who)().state == "held"
    check(project)
    assert verify().is_whole


def test_give_up_killed_in_the_middle_leaves_the_holder(crowd):
    project = crowd.open()
    first, second = (wants(project, *who)() for who in crowd.acting[:2])
    connections.close_all()

    child = os.fork()
    if not child:
        try:
            claims.tell_claimer = lambda *args, **facts: os.kill(os.getpid(), signal.SIGKILL)
            give_up(first, by=crowd.acting[0][1], now=timezone.now(), reason="人手不够")
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (fresh(first).state, fresh(second).state) == ("held", "waiting")
    check(project)
    give_up(fresh(first), by=crowd.acting[0][1], now=timezone.now(), reason="人手不够")
    assert (fresh(first).state, fresh(second).state) == ("handed_over", "held")
    with pytest.raises(NotPermitted):
        give_up(fresh(second), by=crowd.acting[0][1], now=timezone.now(), reason="再放弃")
