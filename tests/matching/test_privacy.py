"""What one side keeps to itself, what both talk about and what is the office's, looked for everywhere by all others."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.lists.models import Wish
from lianqiao.matching.actions.matches import decline, rescope
from lianqiao.matching.actions.pairings import decline_pairing
from lianqiao.matching.models import Dismissal, Weighting
from tests import factories as make
from tests.api.conftest import caller
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db
__all__ = ["caller"]

NEVER_SEEN = {"other_firm", "other_college", "other_office", "mentor", "student", "system_admin", "public"}
OFFICE = {"office", "auditor"}
NEED_SIDE, OFFER_SIDE = {"firm"}, {"college", "school"}
# mark -> who may read it
MARKS = {
    "蠡测谢绝": NEED_SIDE | OFFICE,  # why the need's side did not want it
    "魍魉谢绝": OFFER_SIDE | OFFICE,
    "饕餮方案": NEED_SIDE | OFFER_SIDE | OFFICE,  # what both talk about
    "龘先生": NEED_SIDE | OFFICE,  # a contact before both said yes
    "13971234567": NEED_SIDE | OFFICE,
    "taotie@example.org": NEED_SIDE | OFFICE,
    "98.7": OFFICE,  # scores
    "0.98765": OFFICE,
    "貔貅不结": OFFICE,  # why a pairing did not come to be
    "第七千三百五十一环": OFFICE,  # what weights were learned from
    "已标记不合适": NEED_SIDE | OFFICE,
}
COLUMNS = {
    "match_list": [
        "need",
        "enterprise",
        "offer",
        "giver",
        "state",
        "need_said",
        "offer_said",
        "origin",
        "score",
    ],
    "pairing_list": ["giver", "unit", "enterprise", "state", "reason", "round"],
}


@pytest.fixture
def here():
    here = sides()
    here.held["system_admin"] = make.position(Role.SYSTEM_ADMIN)
    here.held["public"] = None
    contact = {
        "contact_name": "龘先生",
        "contact_phone": "13971234567",
        "contact_email": "taotie@example.org",
    }
    for name, value in contact.items():
        setattr(here.need, name, value)
    here.need.save()
    return here


@pytest.fixture
def planted(here):
    """Matches in each state with marks in what was said, a dismissal, a wish, a pairing and weights."""
    now, firm, college = timezone.now(), here.actor("firm"), here.actor("college")
    facts = {"score": 0.98765, "reasons": [], "rank": 1}
    talked = make.match(here.need, here.offer, **facts)
    rescope(talked, by=firm, now=now, scope="饕餮方案：两天")
    others = [
        make.entry("need", here.chain, organisation=here.firm, title=f"另一需求{number}")
        for number in range(3)
    ]
    by_need, by_offer = (make.match(need, here.offer, **facts) for need in others[:2])
    decline(by_need, by=firm, now=now, reason="place", note="蠡测谢绝")
    decline(by_offer, by=college, now=now, reason="cost", note="魍魉谢绝")
    gone = make.entry("resource", here.chain, title="被标记的资源")
    Dismissal.objects.create(entry=here.need, other=gone, reason="place", for_good=True, at=now)
    Wish.objects.create(entry=here.need, organisation=make.member(here.chain), kind="never")
    pairing = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)
    decline_pairing(pairing, by=firm, reason="貔貅不结")
    replay = {
        "round": "第七千三百五十一环",
        "lost": [],
        "won": [],
        "changed": 0,
        "up": 0,
        "down": 0,
        "same": 0,
    }
    weighting = Weighting.objects.create(
        chain=here.chain, weights={"officially": 0.4}, evidence={"replay": [replay]}, proposed_at=now
    )
    return {
        "match": [talked, by_need, by_offer],
        "pairing": [pairing],
        "weighting": [weighting],
        "entry": [here.need, here.offer, *others, gone],
        "organisation": [here.firm, here.school],
    }


def text_of(answer):
    content = answer.getvalue() if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def pages_of(client, planted):
    addresses = [reverse(f"{kind}_detail", args=[row.pk]) for kind, rows in planted.items() for row in rows]
    addresses += [reverse("match_desk", args=[row.pk]) for row in planted["entry"]]
    addresses += [
        reverse(f"match_{move}", args=[row.pk])
        for row in planted["match"]
        for move in ("decline", "rescope", "link")
    ]
    names = (
        "home", "match_list", "match_desk_list", "pairing_list", "learning", "answer_term_list", "notice_list",
        "job_list", "entry_list", "round_list", "agreement_list",
    )  # fmt: skip
    for url in [*addresses, *map(reverse, names)]:
        yield url, client.get(url)
    for name, columns in COLUMNS.items():
        yield f"{name} columns", client.get(reverse(name), {"columns": columns})
        yield f"{name} export", client.get(reverse(name), {"columns": columns, "export": "xlsx"})
    for words in ("饕餮方案", "蠡测谢绝"):
        yield f"search {words}", client.get(reverse("search"), {"q": words[:2]})


def calls_of(program, planted):
    for path in ("/matches", "/pairings", "/entries", "/rounds", "/agreements"):
        yield path, program.get(path)
    for kind, plural in (("match", "matches"), ("pairing", "pairings"), ("entry", "entries")):
        for row in planted[kind]:
            yield f"/{plural}/{row.pk}", program.get(f"/{plural}/{row.pk}")
    for row in planted["entry"]:
        yield f"suggestions {row.pk}", program.get(f"/entries/{row.pk}/suggestions")


def test_marks_are_read_by_nobody_but_those_whom_they_are_meant_for(login, caller, here, planted):
    leaks, seen = [], {mark: set() for mark in MARKS}
    for who, held in here.held.items():
        answers = [*pages_of(login(held), planted), *calls_of(caller(held), planted)]
        for where, answer in answers:
            assert answer.status_code < 500, where
            text = text_of(answer)
            for mark, readers in MARKS.items():
                if mark in text:
                    seen[mark].add(who)
                    if who not in readers:
                        leaks.append((who, where, mark))

    assert leaks == []
    # And whoever may read it finds it: else this would find nothing anywhere.
    assert {mark: readers - seen[mark] for mark, readers in MARKS.items() if readers - seen[mark]} == {}


def test_nobody_reaches_a_page_of_a_match_that_is_not_theirs(login, here, planted):
    for who in NEVER_SEEN:
        client = login(here.held[who])
        for kind in ("match", "pairing", "weighting"):
            for row in planted[kind]:
                status = client.get(reverse(f"{kind}_detail", args=[row.pk])).status_code
                assert status in (302, 403, 404), (who, kind)
