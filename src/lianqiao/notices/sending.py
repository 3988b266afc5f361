"""One way to tell a person something: in the platform, and by mail where an address and a mail server are known.

No request waits for a mail server: the queue sends, and tries again when it could not.
"""

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from huey.contrib.djhuey import db_task

from lianqiao.accounts.models import Person
from lianqiao.notices.models import Notice
from lianqiao.notices.queries import notice_with_person
from lianqiao.notices.sentences import SENTENCES

# Three times within twenty minutes: a mail server that is being started again is back by then.
TRIES = {"retries": 2, "retry_delay": 600}


class NotMailed(Exception):
    """The mail server was not reached, or did not take the mail."""


def send(to: Person, template: str, *, url: str = "", **facts: object) -> None:
    """Facts are put into words in the recipient's language, whoever sends them.

    Raises KeyError for an unknown template. Mail goes out once the transaction is committed.
    """
    notice = leave(to, template, url=url, **facts)
    if to.email and settings.EMAIL_HOST:
        # What was committed stays done and is told in the platform, even when the queue takes nothing.
        transaction.on_commit(lambda: mail_notice(notice.pk), robust=True)


def leave(to: Person, template: str, *, url: str = "", **facts: object) -> Notice:
    """In the platform only."""
    if template not in SENTENCES:
        raise KeyError(template)
    with override(language_of(to)):
        told = {name: str(fact) for name, fact in facts.items()}
    notice = Notice(person=to, template=template, facts=told, url=url)
    notice.save()
    return notice


@db_task(**TRIES)
def mail_notice(pk: int) -> None:
    """Raises NotMailed."""
    notice = notice_with_person(pk)
    if notice is not None:
        mail(notice.person, notice.template, notice.facts)


def mail(to: Person, template: str, facts: dict[str, Any]) -> None:
    """By mail only, and at once: for tasks of the queue. Raises NotMailed."""
    mail_to(to.email, template, facts, language=language_of(to))


def mail_to(address: str, template: str, facts: dict[str, Any], *, language: str) -> None:
    """The same for somebody who has no account. Raises NotMailed."""
    with override(language):
        subject, body = _("链桥消息"), str(SENTENCES[template]) % facts
    try:
        send_mail(subject, body, None, [address])
    except (OSError, SMTPException) as error:
        raise NotMailed(type(error).__name__) from error


def language_of(person: Person) -> str:
    return str(person.preferences.get("language", settings.LANGUAGE_CODE))
