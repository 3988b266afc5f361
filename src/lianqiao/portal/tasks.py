"""What the portal leaves to the queue."""

from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone
from huey.contrib.djhuey import db_task

from lianqiao.accounts.actions import forget_password
from lianqiao.core.actor import Actor
from lianqiao.notices.sending import TRIES, mail


@db_task(**TRIES)
def mail_password_link(login: str, site: str, actor: dict[str, Any]) -> None:
    """Whether there is such an account is found out here: the request did the same for all. Raises NotMailed.

    A later try makes another link, so none lies in the queue.
    """
    made = forget_password(login, by=Actor.from_facts(actor), now=timezone.now())
    if made:
        person, token = made
        link = urljoin(site, reverse("link_open", args=[token]))
        mail(person, "password_link", {"link": link})
