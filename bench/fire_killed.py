"""What bench/fire.py looks at after the server was killed in the middle: what was done is whole, or was never begun."""

import time
from typing import Any

from django.db import connection

from lianqiao.agreements.actions.moves import abandon
from lianqiao.agreements.models import Obligation
from lianqiao.core.models import AuditEntry, Job
from lianqiao.matching.actions.rounds import run_round
from lianqiao.matching.models import Round

from .fire import Shot
from .fire_scenes import DoubleClaim, DoubleSigning, RunningRound
from .fire_stage import OFFICE, SYSTEM, Place, wrong

PATIENCE = 90


def damaged() -> list[str]:
    """What the database itself says of its file; PostgreSQL was not killed."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return wrong(file_is_damaged=cursor.fetchone() != ("ok",))


class KilledClaim(DoubleClaim):
    name = "claim, killed"
    takes = 0.5  # seconds from the first shot to the last answer, about

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        told, found = super().outcome(answers)
        return told, found + damaged()


class KilledSigning(DoubleSigning):
    name = "sign, killed"
    takes = 1.5

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        told, found = super().outcome(answers)
        if told == "signed":
            return told, found + damaged()
        row = self.agreement
        concluded = AuditEntry.objects.filter(action="agreements.conclude", subject_id=str(row.pk))
        return told, damaged() + wrong(
            concluded_and_not_signed=concluded.exists(),
            promised_and_not_signed=Obligation.objects.filter(agreement=row).exists(),
            no_state_of_a_signing=told != "final",
        )

    def clear(self) -> None:
        if self.agreement.state != "signed":
            abandon(self.agreement, by=SYSTEM, reason="下一轮")


class KilledRound(RunningRound):
    """The plan is computed anew by the worker that comes back, or the round can be run again."""

    name = "run, killed"
    crowd = {OFFICE: 1}
    takes = 2.5

    def shot(self, place: Place, at: int) -> Shot:
        return Shot(f"/rounds/{self.rounds[0].pk}/do/run")

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        told, found = super().outcome(answers)
        row = Round.objects.get(pk=self.rounds[0].pk)
        if row.state == "draft":
            run_round(row, by=self.stage.actors[OFFICE])
        end = time.monotonic() + PATIENCE
        while row.state != "ready" and time.monotonic() < end:
            time.sleep(0.1)
            row.refresh_from_db()
        going = Job.objects.filter(state__in=["queued", "running"])
        return told, damaged() + found + wrong(
            never_ready=row.state != "ready",
            not_a_plan_of_three=row.matches.count() != len(self.entries),
            work_left_over=going.exists(),
        )


KILLED = [KilledClaim, KilledSigning, KilledRound]
