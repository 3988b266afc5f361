"""One way to tell a person something: in the platform, and by mail where an address and a mail server are known."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianqiao.accounts.models import Person
from lianqiao.notices.models import Notice
from lianqiao.notices.sentences import SENTENCES


def send(to: Person, template: str, *, url: str = "", **facts: object) -> None:
    """Facts are put into words in the recipient's language, whoever sends them.

    Raises KeyError for an unknown template. Mail goes out once the transaction is committed.
    """
    sentence = SENTENCES[template]
    with override(to.preferences.get("language", settings.LANGUAGE_CODE)):
        told = {name: str(fact) for name, fact in facts.items()}
        subject, body = _("链桥消息"), str(sentence) % told
    # A link that opens an account must not lie in the platform, where its helpers could read it.
    if template != "password_link":
        Notice(person=to, template=template, facts=told, url=url).save()
    if to.email and settings.EMAIL_HOST:
        # A mail server that does not answer is logged; what was committed stays done and is told in the platform.
        transaction.on_commit(lambda: send_mail(subject, body, None, [to.email]), robust=True)
