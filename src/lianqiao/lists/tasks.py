"""What the lists leave to the queue and its clock."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from lianqiao.core.actor import Actor, at_the_terminal
from lianqiao.lists.actions.asking import new_token
from lianqiao.lists.actions.clock import expire_due, forget_deleted, remind_due
from lianqiao.lists.queries import open_askings
from lianqiao.notices.sending import TRIES, mail_to


@db_periodic_task(crontab(minute="20"))
def look_after_freshness() -> None:
    """Hourly: a machine that is switched off at night still does it in the morning."""
    by, now = at_the_terminal("clock"), timezone.now()
    remind_due(by=by, now=now)
    expire_due(by=by, now=now)
    forget_deleted(by=by, now=now)


@db_task(**TRIES)
def mail_asking(pk: int, site: str, actor: dict[str, Any]) -> None:
    """To an organisation without an account. The token is made here, so none lies in the queue. Raises NotMailed."""
    now = timezone.now()
    asking = open_askings(now).select_related("organisation").filter(pk=pk).first()
    if asking is None:
        return
    token = new_token(asking, by=Actor.from_facts(actor), now=now)
    with override(settings.LANGUAGE_CODE):
        facts = {
            "organisation": asking.organisation.name,
            "purpose": asking.get_purpose_display(),
            "until": date_format(timezone.localtime(asking.expires_at)),
            "link": urljoin(site, reverse("asking_open", args=[token])),
            "ask": asking.ask,
        }
    mail_to(asking.contact_email, "asking_link", facts, language=settings.LANGUAGE_CODE)
