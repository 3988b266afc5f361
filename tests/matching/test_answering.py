"""One-time links, reminders and the end of a term that nobody used."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.matching.actions.answering import LinkOver, NothingToAnswer, make_match_link, revoke_match_link
from lianqiao.matching.actions.clock import lapse_due, remind_of_matches, settle_answer_term
from lianqiao.matching.actions.matches import accept, withdraw
from lianqiao.matching.clockwork import look_after_answers
from lianqiao.matching.models import Answer, AnswerTerm, MatchLink, Side
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db
ASK = "王静 0516-8000"


@pytest.fixture
def here():
    return sides()


def link_of(here, match, side=Side.NEED, **facts):
    facts = {"days": 14, "ask": ASK, "now": timezone.now()} | facts
    link, token = make_match_link(match, side, by=here.actor("office"), **facts)
    return link, reverse("match_open", args=[token])


def test_match_open_is_small_stands_alone_and_shows_no_contact(here):
    _link, url = link_of(here, make.match(here.need, here.offer))
    page = Client().get(url)

    assert page.status_code == 200
    assert len(page.content) < 100 * 1024
    assert "script" not in page.text
    assert here.offer.title in page.text
    assert ASK in page.text
    assert "13900005678" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert MatchLink.objects.get().opened_at is not None


def test_match_open_accepts_once(here):
    match = make.match(here.need, here.offer, offer_said="accept")
    link, url = link_of(here, match)

    answers = [Client().post(url, {"answer": "accept"}).status_code for _ in range(2)]

    match.refresh_from_db()
    link.refresh_from_db()
    assert (answers, match.state, Answer.objects.count()) == ([302, 200], "accepted", 1)
    assert link.used_at is not None
    answer = Answer.objects.get()
    assert (answer.by_link, answer.person) == (True, None)
    assert here.firm.name in answer.by_label
    assert "13900005678" in Client().get(url).text


def test_match_open_declines_with_a_reason(here):
    match = make.match(here.need, here.offer)
    _link, url = link_of(here, match)

    assert "lq" not in Client().post(url, {"answer": "decline"}).text
    assert Answer.objects.count() == 0
    Client().post(url, {"answer": "decline", "reason": "cost", "note": "超出预算"})

    match.refresh_from_db()
    assert (match.state, Answer.objects.get().note) == ("declined", "超出预算")


def test_match_open_proposes_another_scope(here):
    match = make.match(here.need, here.offer, offer_said="accept")
    _link, url = link_of(here, match)

    Client().post(url, {"answer": "rescope", "scope": "只要两天"})

    match.refresh_from_db()
    assert (match.state, match.scope, match.need_said, match.offer_said) == (
        "offered",
        "只要两天",
        "rescope",
        "",
    )


def test_match_open_after_it_was_withdrawn_says_so(here):
    match = make.match(here.need, here.offer)
    _link, url = link_of(here, match)
    withdraw(match, by=here.actor("office"), now=timezone.now())

    for page in (Client().get(url), Client().post(url, {"answer": "accept"})):
        assert page.status_code == 410
        assert "这次对接已经结束" in page.text


@pytest.mark.parametrize("how", ["never", "revoked", "expired", "renewed"])
def test_match_open_that_is_over_opens_nothing(here, how):
    match = make.match(here.need, here.offer)
    link, url = link_of(here, match)
    if how == "never":
        url = reverse("match_open", args=["x" * 40])
    elif how == "revoked":
        revoke_match_link(link, by=here.actor("office"), now=timezone.now())
    elif how == "expired":
        MatchLink.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    else:
        link_of(here, match)

    page = Client().post(url, {"answer": "accept"})

    assert page.status_code == 410
    assert here.offer.title not in page.text
    assert Answer.objects.count() == 0


def test_link_is_kept_as_its_digest_alone(here):
    _link, url = link_of(here, make.match(here.need, here.offer))
    token = url.rsplit("/", 1)[1]

    assert token not in str(MatchLink.objects.values())
    assert token not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_link_is_made_by_the_office_for_who_has_to_answer(here):
    match = make.match(here.need, here.offer, need_said="accept")
    with pytest.raises(NothingToAnswer):
        link_of(here, match, Side.NEED)
    with pytest.raises(NotPermitted):
        make_match_link(match, Side.OFFER, days=1, ask=ASK, by=here.actor("firm"), now=timezone.now())
    link, _url = link_of(here, match, Side.OFFER)
    revoke_match_link(link, by=here.actor("office"), now=timezone.now())

    with pytest.raises(LinkOver):
        revoke_match_link(link, by=here.actor("office"), now=timezone.now())


def test_match_link_page_shows_it_once(login, here):
    match = make.match(here.need, here.offer)
    client, url = login(here.held["office"]), reverse("match_link", args=[match.pk])
    assert client.get(url).status_code == 200

    page = client.post(url, {"side": "offer", "ask": ASK, "days": 5})

    assert "/matches/links/" in page.text
    assert "/matches/links/" not in client.get(url).text
    assert login(here.held["other_office"]).get(url).status_code == 404
    assert login(here.held["firm"]).get(url).status_code == 403


def test_reminded_once_who_has_not_answered(here):
    by, now = at_the_terminal("clock"), timezone.now()
    make.match(here.need, here.offer, offer_said="accept", answer_by=make.today() + timedelta(days=1))
    make.match(make.entry("need", here.chain), here.offer, answer_by=make.today() + timedelta(days=60))

    assert [remind_of_matches(by=by, now=now) for _ in range(2)] == [1, 0]

    told = Notice.objects.filter(template="match_reminder")
    assert [notice.person for notice in told] == [here.held["firm"].person]


def test_silence_lets_it_lapse_gently_and_frees_the_place(here):
    here.offer.capacity = 1
    here.offer.save()
    match = make.match(here.need, here.offer, offer_said="accept", answer_by=make.today() - timedelta(days=1))
    make.match(make.entry("need", here.chain), make.entry("resource", here.chain), answer_by=make.today())

    look_after_answers.call_local()

    match.refresh_from_db()
    assert match.state == "lapsed"
    told = {
        who: Notice.objects.filter(person=here.held[who].person).values_list("template", flat=True)
        for who in ("firm", "college")
    }
    assert {who: list(templates) for who, templates in told.items()} == {
        "firm": ["match_lapsed"], "college": ["match_over"],
    }  # fmt: skip
    assert not [
        word
        for word in ("逾期", "未答复", "没有答复")
        if word in str(Notice.objects.get(template="match_lapsed").facts)
    ]
    make.match(make.entry("need", here.chain), here.offer)


def test_lapse_leaves_alone_what_was_answered_in_this_moment(here):
    match = make.match(here.need, here.offer, offer_said="accept", answer_by=make.today() - timedelta(days=1))
    accept(match, by=here.actor("firm"), now=timezone.now())

    assert lapse_due(by=at_the_terminal("clock"), now=timezone.now()) == 0
    match.refresh_from_db()
    assert match.state == "accepted"


def test_match_of_an_entry_that_is_gone_is_ended_by_the_clock(here):
    match = make.match(here.need, here.offer)
    here.offer.state = "withdrawn"
    here.offer.save()

    lapse_due(by=at_the_terminal("clock"), now=timezone.now())

    match.refresh_from_db()
    assert match.state == "withdrawn"


def test_answer_term_of_the_chain_is_what_the_office_says(login, here):
    client, url = login(here.held["office"]), reverse("answer_term_edit", args=[here.chain.pk])
    assert client.get(url).status_code == 200

    page = client.post(url, {"days": 3, "remind_days": 1}, follow=True)
    assert "已保存" in page.text
    assert AnswerTerm.objects.get().days == 3
    client.post(reverse("undo"), {"done": page.context["done"]["token"]})

    assert (AnswerTerm.objects.get().days, AnswerTerm.objects.get().remind_days) == (10, 3)
    other = reverse("answer_term_edit", args=[make.chain().pk])
    assert client.get(other).status_code == 404
    with pytest.raises(NotPermitted):
        settle_answer_term(here.chain, by=here.actor("firm"), days=1, remind_days=1)


def test_answer_term_list_shows_the_own_chains(login, here):
    make.chain()
    page = login(here.held["office"]).get(reverse("answer_term_list"))

    assert [term.chain for term, _may in page.context["terms"]] == [here.chain]


def test_home_says_what_waits_for_an_answer(login, here):
    make.match(here.need, here.offer, offer_said="accept")
    make.match(make.entry("need", here.chain), here.offer, state="lapsed", settled_at=timezone.now())
    pages = {who: login(here.held[who]).get(reverse("home")).text for who in ("firm", "college", "office")}

    assert {who for who, page in pages.items() if "的对接等您答复" in page} == {"firm"}
    assert {who for who, page in pages.items() if "逾期未答复" in page} == {"office"}


def test_match_list_names_the_sides_that_only_a_link_reaches(login, here):
    row = make.match(here.need, here.offer, offer_said="accept")
    office = login(here.held["office"])

    def waiting():
        shown = office.get(reverse("match_list"), {"turn": "unheard"}).content.decode()
        return reverse("match_detail", args=[row.pk]) in shown, "没有账号" in office.get("/").content.decode()

    assert waiting() == (False, False)  # the firm has somebody with an account

    here.held["firm"].person.state = "disabled"
    here.held["firm"].person.save()
    assert waiting() == (True, True)

    link_of(here, row)
    assert waiting() == (False, False)
