"""Links of the office for tests, as (row, address)."""

from django.urls import reverse
from django.utils import timezone

from lianqiao.lists.actions.asking import ask_about, ask_for_needs

ASK = "王静 0516-8000"
NEED = {
    "answer": "stated",
    "title": "铝板幕墙深化设计人员 3 名",
    "description": "会用 BIM，十二月前到岗",
    "contact_name": "李工",
    "contact_phone": "13800001234",
}


def asked(office, firm, here, **facts):
    facts = {"days": 14, "ask": ASK} | facts
    [(asking, token)] = ask_for_needs([firm], chain=here, by=office, now=timezone.now(), **facts)
    return asking, reverse("asking_open", args=[token])


def about(entry, office):
    asking, token = ask_about(entry, days=14, ask=ASK, by=office, now=timezone.now())
    return asking, reverse("asking_open", args=[token])


def states(asking):
    asking.refresh_from_db()
    return asking.state(timezone.now())
