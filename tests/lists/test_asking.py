"""One-time links: an organisation without an account answers once, and nothing else is opened by it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists.actions.asking import ask_about, ask_for_needs, revoke_asking
from lianqiao.lists.models import Asking, Entry
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db
QUERIES = 14
CHOOSE_QUERIES = 14
NEED = {
    "answer": "stated",
    "title": "铝板幕墙深化设计人员 3 名",
    "description": "会用 BIM，十二月前到岗",
    "contact_name": "李工",
    "contact_phone": "13800001234",
}


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def clerk(here):
    return make.position(Role.OFFICE_STAFF, here, make.person("王静"))


@pytest.fixture
def office(clerk):
    return make.actor_of(clerk)


@pytest.fixture
def firm(here):
    return make.member(here, "江苏博智工程咨询有限公司")


def asked(office, firm, here, **facts):
    facts = {"days": 14, "ask": "王静 0516-8000"} | facts
    [(asking, token)] = ask_for_needs([firm], chain=here, by=office, now=timezone.now(), **facts)
    return asking, reverse("asking_open", args=[token])


def about(entry, office):
    asking, token = ask_about(entry, days=14, ask="王静 0516-8000", by=office, now=timezone.now())
    return asking, reverse("asking_open", args=[token])


def states(asking):
    asking.refresh_from_db()
    return asking.state(timezone.now())


def test_asking_open_takes_a_need_into_the_review_queue(client, office, firm, here, clerk):
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
    assert list(Notice.objects.filter(person=clerk.person).values_list("template", flat=True).order_by("pk")) == [
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
    from django.test import Client

    _, url = asked(office, firm, here)
    answer = Client(enforce_csrf_checks=True).post(url, NEED, headers={"Origin": "null"})

    assert (answer.status_code, Entry.objects.count()) == (302, 1)


def test_asking_open_in_all_is_at_most_100_kilobytes_uncompressed(client, office, firm, here):
    """Every byte of a cold load as it lies in the file, without gzip: the page, its style sheet, nothing else."""
    from django.contrib.staticfiles import finders

    for number in range(8):
        make.category(here, name=f"第{number}类")
    entry = make.entry(on=here, organisation=firm, description="长" * 4000, conditions="件" * 1000)
    _, url = about(entry, office)
    answer = client.get(url)
    fetched = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    files = [address for address in fetched if address != "data:,"]
    total = len(answer.content) + sum(
        len(open(finders.find(address.removeprefix("/static/")), "rb").read()) for address in files
    )

    assert files == ["/static/lists/asking.css"]
    assert "<script" not in answer.text
    css = open(finders.find("lists/asking.css"), encoding="utf-8").read()
    assert not re.search(r"url\(|@import", css)
    assert total <= 100 * 1024


@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "\u202e反写"},
        {"description": "a\0b"},
        {"due_on": "明天"},
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


def test_another_link_ends_the_one_that_was_not_answered(client, office, firm, here):
    earlier, old = asked(office, firm, here)
    other, _ = asked(office, make.member(here), here)
    _, new = asked(office, firm, here)

    assert (client.get(old).status_code, client.get(new).status_code) == (410, 200)
    assert (states(earlier), states(other)) == ("revoked", "sent")


def test_addresses_that_lead_nowhere_are_answered_only_so_often(client, settings):
    settings.AXES_NETWORK_FAILURE_LIMIT = 3
    from django.core.cache import cache

    cache.clear()
    tried = [client.get(reverse("asking_open", args=[f"{n}" * 43])).status_code for n in range(5)]
    cache.clear()

    assert tried == [410, 410, 410, 429, 429]


def test_answers_that_are_not_taken_are_heard_only_so_often(client, office, firm, here, settings):
    settings.AXES_NETWORK_FAILURE_LIMIT = 2
    from django.core.cache import cache

    cache.clear()
    _, url = asked(office, firm, here)
    tried = [client.post(url, {"answer": "stated"}).status_code for _ in range(3)]
    cache.clear()

    assert (tried, client.get(url).status_code) == ([200, 200, 429], 200)


def test_asking_add_makes_links_for_those_chosen_and_shows_them_once(login, clerk, firm, here):
    second, stranger = make.member(here), make.organisation()
    chosen = [firm.pk, second.pk, stranger.pk]
    client = login(clerk)
    before = client.post(reverse("asking_add"), {"chosen": chosen})
    made = client.post(
        reverse("asking_add"), {"chosen": [firm.pk, second.pk], "chain": here.pk, "days": 5, "ask": "王静"}
    )

    links = [each["link"] for each in made.context["links"]]
    assert {row.pk for row in before.context["choice"].rows} == {firm.pk, second.pk}
    assert {a.organisation for a in Asking.objects.all()} == {firm, second}
    assert [(a.expires_at - a.made_at).days for a in Asking.objects.all()] == [5, 5]
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert "no-store" in made.headers["Cache-Control"]
    assert made.text.count("data:image/svg+xml") == 2


@pytest.mark.parametrize("days", ["0", "91", "", "x"])
def test_asking_add_refuses_other_days(days, login, clerk, firm, here):
    answer = login(clerk).post(
        reverse("asking_add"), {"chosen": [firm.pk], "chain": here.pk, "days": days, "ask": "王静"}
    )

    assert (list(answer.context["form"].errors), Asking.objects.count()) == (["days"], 0)


def test_asking_add_for_another_chain_is_refused(login, clerk, firm):
    other = make.chain()
    answer = login(clerk).post(
        reverse("asking_add"), {"chosen": [firm.pk], "chain": other.pk, "days": 5, "ask": "王静"}
    )

    assert (list(answer.context["form"].errors), Asking.objects.count()) == (["chain"], 0)


def test_asking_sheet_holds_the_links_that_were_shown_and_no_others(login, clerk, office, firm, here):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    foreign_chain = make.chain()
    foreign = make.actor(Role.OFFICE_STAFF, foreign_chain)
    _, mine = asked(office, firm, here)
    _, theirs = asked(foreign, make.member(foreign_chain), foreign_chain)
    tokens = [url.rpartition("/")[2] for url in (mine, theirs)]
    answer = login(clerk).post(reverse("asking_sheet"), {"token": [*tokens, "invented"]})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows] == ["单位", "江苏博智工程咨询有限公司"]
    assert rows[1][2] == f"http://testserver{mine}"


def test_asking_add_mails_those_whose_address_is_known(
    login, clerk, firm, here, settings, client, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example.org"
    make.entry(on=here, organisation=firm, contact_name="赵六", contact_email="zhao@example.org")
    other = make.member(here)
    facts = {"chosen": [firm.pk, other.pk], "chain": here.pk, "days": 5, "ask": "王静", "mail": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        made = login(clerk).post(reverse("asking_add"), facts)

    [sent] = mail.outbox
    link = re.search(r"http://\S+", sent.body)[0]
    assert sent.to == ["zhao@example.org"]
    assert [each["asking"].organisation for each in made.context["links"]] == [other]
    assert client.get(link).context["asking"].organisation == firm


def test_asking_confirm_gives_a_link_for_one_entry(login, clerk, firm, here, client):
    entry = make.entry(on=here, organisation=firm, state="submitted")
    foreign = make.entry(state="submitted")
    url = reverse("asking_confirm", args=[entry.pk])
    shown = login(clerk).get(url)
    made = login(clerk).post(url, {"days": 3, "ask": "王静"})
    refused = login(clerk).post(reverse("asking_confirm", args=[foreign.pk]), {"days": 3, "ask": "王静"})

    assert (shown.status_code, refused.status_code) == (200, 404)
    assert client.get(made.context["links"][0]["link"]).context["entry"] == entry


def test_asking_confirm_of_what_is_over_is_refused(login, clerk, firm, here):
    entry = make.entry(on=here, organisation=firm, state="returned")
    Entry.objects.update(state="withdrawn")
    answer = login(clerk).post(reverse("asking_confirm", args=[entry.pk]), {"days": 3, "ask": "王静"})

    assert (answer.status_code in (200, 404), Asking.objects.count()) == (True, 0)


def test_asking_list_shows_own_chains_links_by_state(login, clerk, office, firm, here, client):
    foreign_chain = make.chain()
    asked(make.actor(Role.OFFICE_STAFF, foreign_chain), make.member(foreign_chain), foreign_chain)
    made = {}
    for state in ("sent", "opened", "used", "expired", "revoked"):
        asking, url = asked(office, make.member(here), here)
        made[state] = asking
        if state in ("opened", "used"):
            client.get(url)
        if state == "used":
            client.post(url, NEED)
        if state == "expired":
            Asking.objects.filter(pk=asking.pk).update(expires_at=timezone.now() - timedelta(days=1))
        if state == "revoked":
            revoke_asking(asking, by=office, now=timezone.now())
    reader = login(clerk)
    found = {
        state: list(reader.get(reverse("asking_list"), {"state": state}).context["listing"].rows)
        for state in made
    }

    assert found == {state: [asking] for state, asking in made.items()}
    assert {state: states(asking) for state, asking in made.items()} == {state: state for state in made}
    assert len(reader.get(reverse("asking_list")).context["listing"].rows) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_list_same_number_of_queries(rows, login, clerk, office, here, django_assert_num_queries):
    for _ in range(rows):
        asked(office, make.member(here), here)
    client = login(clerk)
    client.get(reverse("asking_list"))

    with django_assert_num_queries(QUERIES):
        client.get(reverse("asking_list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_choose_same_number_of_queries(rows, login, clerk, here, django_assert_num_queries):
    for _ in range(rows):
        make.member(here)
    client = login(clerk)
    client.get(reverse("asking_choose"))

    with django_assert_num_queries(CHOOSE_QUERIES):
        client.get(reverse("asking_choose"))


def test_asking_renew_gives_another_link_and_ends_the_first(login, clerk, office, firm, here, client):
    asking, old = asked(office, firm, here, days=3)
    made = login(clerk).post(reverse("asking_renew", args=[asking.pk]))
    [each] = made.context["links"]

    assert (client.get(old).status_code, client.get(each["link"]).status_code) == (410, 200)
    assert (each["asking"].expires_at - each["asking"].made_at).days == 3


def test_asking_revoke_ends_the_link_and_another_office_cannot(login, clerk, office, firm, here, client):
    asking, url = asked(office, firm, here)
    stranger = make.position(Role.OFFICE_STAFF)
    refused = login(stranger).post(reverse("asking_revoke", args=[asking.pk]))
    still = client.get(url).status_code
    login(clerk).post(reverse("asking_revoke", args=[asking.pk]))

    assert (refused.status_code, still, client.get(url).status_code) == (404, 200, 410)


def test_asking_detail_is_for_the_office_of_the_chain(login, clerk, office, firm, here):
    asking, url = asked(office, firm, here)
    address = reverse("asking_detail", args=[asking.pk])
    contact = make.position(Role.ENTERPRISE_CONTACT, here)
    answers = [login(p).get(address).status_code for p in (clerk, make.position(Role.OFFICE_STAFF), contact)]

    assert answers == [200, 404, 403]
    assert url not in login(clerk).get(address).text


def test_logged_in_reader_answers_as_the_link_and_not_as_themself(login, office, firm, here):
    _, url = asked(office, firm, here)
    reader = make.position(Role.ENTERPRISE_CONTACT, here)
    login(reader).post(url, NEED)

    assert Entry.objects.get().organisation == firm
    told = AuditEntry.objects.filter(person_id=reader.person_id)
    assert list(told.exclude(action="login")) == []
