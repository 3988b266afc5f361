"""What the queue tells by signals only: a mail that could not be sent has nobody who watches it, as a job has."""

from typing import Any

from django.utils import timezone
from huey.contrib.djhuey import signal
from huey.signals import SIGNAL_ERROR

from lianqiao.notices.sending import NotMailed, leave
from lianqiao.registry.queries import administrators


@signal(SIGNAL_ERROR)
def tell_administrators(_signal: str, task: Any, error: Exception) -> None:
    """After the last try; whoever has not read it yet is not told again."""
    if task.retries or not isinstance(error, NotMailed):
        return
    told = {"template": "mail_failed", "read_at": None}
    for person in administrators(timezone.localdate()):
        if not person.notices.filter(**told).exists():
            leave(person, "mail_failed", reason=error)
