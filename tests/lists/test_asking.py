"""One-time links: an organisation without an account answers once, and nothing else is opened by it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists.actions.asking import revoke_asking
from lianqiao.lists.models import Asking, Entry
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.lists.links import NEED, about, asked, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(here):
    return make.member(here, "江苏博智工程咨询有限公司")


def test_asking_open_takes_a_need_into_the_review_queue(client, office, firm, here, staff):
    asking, url = asked(office, firm, here)
    shown = client.get(url)
    opened = states(asking)
    posted = client.post(url, NEED)

    entry = Entry.objects.get()
    assert (opened, states(asking), posted.status_code, posted.url) == ("opened", "used", 302, url)
    assert "江苏博智工程咨询有限公司" in shown.text
    assert (entry.organisation, entry.chain, entry.kind, entry.state, entry.source, entry.number) == (
        firm, here, "need", "submitted", "link", 1,
    )  # fmt: skip
    assert (entry.title, entry.contact_phone) == (NEED["title"], "13800001234")
    assert client.get(url).context["entry"] == entry
    assert list(Notice.objects.filter(person=staff.person).values_list("template", flat=True).order_by("pk")) == [
        "entry_submitted", "asking_answered",
    ]  # fmt: skip


def test_what_a_link_does_is_told_in_the_trail_by_the_links_name_and_without_its_token(
    client, office, firm, here
):
    asking, url = asked(office, firm, here)
    client.get(url)
    client.get(url)
    client.post(url, NEED)

    trail = AuditEntry.objects.filter(person_id=None).order_by("pk")
    assert [line.action for line in trail] == [
        "lists.open_asking", "lists.add_entry", "lists.submit", "lists.answer_asking",
    ]  # fmt: skip
    assert {line.name for line in trail} == {f"填报链接 #{asking.pk}（江苏博智工程咨询有限公司）"}
    token = url.rpartition("/")[2]
    assert token not in str(list(AuditEntry.objects.values())) + str(list(Asking.objects.values()))
    assert asking.digest == digest_of(token)


def test_answer_sent_twice_is_taken_once_and_shown_as_it_was_said_first(client, office, firm, here):
    _, url = asked(office, firm, here)
    first = client.post(url, NEED)
    again = client.post(url, NEED | {"title": "另一条"})

    assert (first.status_code, first.url) == (302, url)
    assert again.status_code == 200
    assert NEED["title"] in again.text
    assert list(Entry.objects.values_list("title", flat=True)) == [NEED["title"]]


def test_answered_page_shows_no_number_in_full_and_whom_to_ask(client, office, firm, here):
    _, url = asked(office, firm, here)
    client.post(url, NEED)
    text = client.get(url).text

    assert "13800001234" not in text
    assert ("138****1234" in text, "王静 0516-8000" in text) == (True, True)


@pytest.mark.parametrize(
    "ended", ["expired", "revoked", "used_and_expired", "invented", "organisations_other_entry"]
)
def test_link_that_is_over_tells_nothing_and_writes_nothing(ended, client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, title="保密的需求", state="submitted")
    asking, url = about(entry, office)
    past = timezone.now() - timedelta(minutes=1)
    if ended == "expired":
        Asking.objects.update(expires_at=past)
    elif ended == "revoked":
        revoke_asking(asking, by=office, now=timezone.now())
    elif ended == "used_and_expired":
        client.post(url, {"answer": "still_true", "seen": entry.version})
        Asking.objects.update(expires_at=past)
    elif ended == "invented":
        url = reverse("asking_open", args=["x" * 43])
    else:
        Entry.objects.update(state="withdrawn")
    before = (Entry.objects.values().get(), AuditEntry.objects.count())
    shown, posted = client.get(url), client.post(url, {"answer": "not_needed", "seen": entry.version})

    assert (shown.status_code, posted.status_code) == (410, 410)
    assert "保密的需求" not in shown.text + posted.text
    assert (Entry.objects.values().get(), AuditEntry.objects.count()) == before


def test_asking_open_forbids_referrers_index_and_cache(client, office, firm, here):
    _, url = asked(office, firm, here)
    for answer in (client.get(url), client.get(reverse("asking_open", args=["x" * 43]))):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.cookies


def test_asking_open_takes_the_form_of_a_browser_that_forbids_referrers(office, firm, here):
    """Such a browser sends `Origin: null` and no cookie at all."""
    _, url = asked(office, firm, here)
    answer = Client(enforce_csrf_checks=True).post(url, NEED, headers={"Origin": "null"})

    assert (answer.status_code, Entry.objects.count()) == (302, 1)


def test_asking_open_in_all_is_at_most_100_kilobytes_uncompressed(client, office, firm, here):
    """Every byte of a cold load as it lies in the file, without gzip: the page, its style sheet, nothing else."""
    for number in range(8):
        make.category(here, name=f"第{number}类")
    entry = make.entry(on=here, organisation=firm, description="长" * 4000, conditions="件" * 1000)
    _, url = about(entry, office)
    answer = client.get(url)
    fetched = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    files = [address for address in fetched if address != "data:,"]
    sheets = [Path(finders.find(address.removeprefix("/static/"))) for address in files]
    total = len(answer.content) + sum(len(sheet.read_bytes()) for sheet in sheets)

    assert files == ["/static/lists/asking.css"]
    assert "<script" not in answer.text
    assert not re.search(r"url\(|@import", sheets[0].read_text(encoding="utf-8"))
    assert total <= 100 * 1024


@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "\u202e反写"},
        {"description": "a\0b"},
        {"due_on": "明天"},
        {"contact_phone": ""},
    ],
)
def test_answer_that_cannot_be_taken_says_why_and_keeps_what_was_typed(broken, client, office, firm, here):
    asking, url = asked(office, firm, here)
    answer = client.post(url, NEED | broken)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(broken)
    assert "李工" in answer.text
    assert (Entry.objects.count(), states(asking)) == (0, "sent")


def test_known_contact_is_filled_in_masked_and_kept(client, office, firm, here):
    make.entry(on=here, organisation=firm, contact_name="赵六", contact_phone="13911112222")
    make.entry(on=here, contact_name="别人", contact_phone="13700000000")
    _, url = asked(office, firm, here)
    shown = client.get(url).text
    client.post(url, NEED | {"contact_phone": "", "contact_name": "赵六"})

    assert ("赵六" in shown, "139****2222" in shown, "13911112222" in shown, "别人" in shown) == (
        True, True, False, False,
    )  # fmt: skip
    assert Entry.objects.get(source="link").contact_phone == "13911112222"


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        ("draft", "submitted"),
        ("submitted", "submitted"),
        ("published", "published"),
        ("matching", "matching"),
        ("expired", "published"),
    ],
)
def test_entry_is_confirmed_in_each_state(state, becomes, client, office, firm, here):
    soon = make.today() + timedelta(days=1)
    entry = make.entry(on=here, organisation=firm, state=state, fresh_until=soon)
    asking, url = about(entry, office)
    answer = client.post(url, {"answer": "still_true", "seen": entry.version})
    entry.refresh_from_db()
    asking.refresh_from_db()

    assert (answer.status_code, entry.state, asking.answer) == (302, becomes, "still_true")
    if becomes in ("published", "matching"):
        assert entry.fresh_until == make.today() + timedelta(days=90)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "published", "expired"])
def test_entry_is_corrected_in_each_state_and_waits_for_review(state, client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, state=state, contact_phone="13911112222")
    _, url = about(entry, office)
    posted = NEED | {"answer": "changed", "seen": entry.version, "contact_phone": ""}
    answer = client.post(url, posted)
    entry.refresh_from_db()

    assert (answer.status_code, entry.state, entry.title) == (302, "submitted", NEED["title"])
    assert entry.contact_phone == "13911112222"


def test_entry_being_matched_is_not_changed_by_a_link(client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, state="matching", title="原来的")
    asking, url = about(entry, office)
    shown = client.get(url)
    answer = client.post(url, NEED | {"answer": "changed", "seen": entry.version})
    entry.refresh_from_db()

    assert 'value="changed"' not in shown.text
    assert "正在对接" in answer.text
    assert (answer.status_code, entry.title, states(asking)) == (200, "原来的", "opened")


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "published", "matching", "expired"])
def test_entry_that_is_not_needed_is_withdrawn(state, client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, state=state)
    _, url = about(entry, office)
    client.post(url, {"answer": "not_needed", "seen": entry.version})
    entry.refresh_from_db()

    assert entry.state == "withdrawn"


@pytest.mark.parametrize("answer", ["still_true", "changed", "not_needed"])
def test_answer_to_what_the_office_changed_meanwhile_is_asked_again(answer, client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, state="submitted", title="第一稿")
    asking, url = about(entry, office)
    seen = entry.version
    Entry.objects.update(title="第二稿", version=seen + 1)
    again = client.post(url, NEED | {"answer": answer, "seen": seen})
    done = client.post(url, NEED | {"answer": answer, "seen": again.context["entry"].version})

    assert (again.status_code, "第二稿" in again.text, "已被他人修改" in again.text) == (200, True, True)
    assert (done.status_code, states(asking)) == (302, "used")
    if answer == "changed":
        assert again.context["form"]["seen"].value() == str(seen + 1)


def test_link_of_one_organisation_cannot_name_another_entry(client, office, firm, here):
    mine = make.entry(on=here, organisation=firm, state="submitted")
    other = make.entry(on=here, state="submitted", title="别家的")
    _, url = about(mine, office)
    posted = NEED | {
        "answer": "changed",
        "seen": mine.version,
        "entry": other.pk,
        "organisation": other.organisation_id,
    }
    client.post(url, posted)
    other.refresh_from_db()
    mine.refresh_from_db()

    assert (other.title, mine.organisation) == ("别家的", firm)


def test_addresses_that_lead_nowhere_are_answered_only_so_often(client, settings):
    settings.AXES_NETWORK_FAILURE_LIMIT = 3
    cache.clear()
    tried = [client.get(reverse("asking_open", args=[f"{n}" * 43])).status_code for n in range(5)]
    cache.clear()

    assert tried == [410, 410, 410, 429, 429]


def test_answers_that_are_not_taken_are_heard_only_so_often(client, office, firm, here, settings):
    settings.AXES_NETWORK_FAILURE_LIMIT = 2
    cache.clear()
    _, url = asked(office, firm, here)
    tried = [client.post(url, {"answer": "stated"}).status_code for _ in range(3)]
    cache.clear()

    assert (tried, client.get(url).status_code) == ([200, 200, 429], 200)


def test_logged_in_reader_answers_as_the_link_and_not_as_themself(login, office, firm, here):
    _, url = asked(office, firm, here)
    reader = make.position(Role.ENTERPRISE_CONTACT, here)
    login(reader).post(url, NEED)

    assert Entry.objects.get().organisation == firm
    told = AuditEntry.objects.filter(person_id=reader.person_id)
    assert list(told.exclude(action="login")) == []


def test_asking_open_says_what_is_missing_and_uses_nothing_up(client, office, firm, here):
    asking, url = asked(office, firm, here)
    typed = NEED | {"answer": "look", "title": "要人", "description": "", "contact_phone": ""}
    looked = client.post(url, typed)
    full = client.post(
        url,
        NEED
        | {
            "answer": "look",
            "description": "会用 BIM 软件做深化设计，十二月前到岗，要三名，图纸达到施工标准",
        },
    )

    assert [hint.code for hint in looked.context["wanted"]] == ["title", "words", "figure", "day", "trade"]
    assert ("补充以下内容，更容易对接" in looked.text, "要人" in looked.text, "此项必填" in looked.text) == (
        True,
        True,
        False,
    )
    assert "13800001234" in full.text  # what was typed a moment ago is not masked away
    assert "内容完整，可以提交" in full.text
    assert (Entry.objects.count(), states(asking)) == (0, "sent")


def test_question_about_an_entry_says_what_it_lacks(client, office, firm, here):
    entry = make.entry(on=here, organisation=firm, title="铝板幕墙深化设计", state="returned")
    _, url = about(entry, office)

    assert [hint.code for hint in client.get(url).context["wanted"]] == ["words", "figure", "day"]


def test_number_that_stands_without_a_name_is_known_too(client, office, firm, here):
    make.entry(on=here, organisation=firm, contact_phone="13911112222")
    _, url = asked(office, firm, here)

    assert "139****2222" in client.get(url).text
