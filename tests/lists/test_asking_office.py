"""One-time links as the office sends them: chosen, shown once, mailed, listed, revoked."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.core.actor import Role
from lianqiao.lists.actions.asking import revoke_asking
from lianqiao.lists.models import Asking, Entry
from tests import factories as make
from tests.lists.links import NEED, asked, states

pytestmark = pytest.mark.django_db
QUERIES = 9
CHOOSE_QUERIES = 13


@pytest.fixture
def firm(here):
    return make.member(here, "江苏博智工程咨询有限公司")


def test_another_link_ends_the_one_that_was_not_answered(client, office, firm, here):
    earlier, old = asked(office, firm, here)
    other, _ = asked(office, make.member(here), here)
    _, new = asked(office, firm, here)

    assert (client.get(old).status_code, client.get(new).status_code) == (410, 200)
    assert (states(earlier), states(other)) == ("revoked", "sent")


def test_asking_add_makes_links_for_those_chosen_and_shows_them_once(login, staff, firm, here):
    second, stranger = make.member(here), make.organisation()
    chosen = [firm.pk, second.pk, stranger.pk]
    client = login(staff)
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
def test_asking_add_refuses_other_days(days, login, staff, firm, here):
    answer = login(staff).post(
        reverse("asking_add"), {"chosen": [firm.pk], "chain": here.pk, "days": days, "ask": "王静"}
    )

    assert (list(answer.context["form"].errors), Asking.objects.count()) == (["days"], 0)


def test_asking_add_for_another_chain_is_refused(login, staff, firm):
    other = make.chain()
    answer = login(staff).post(
        reverse("asking_add"), {"chosen": [firm.pk], "chain": other.pk, "days": 5, "ask": "王静"}
    )

    assert (list(answer.context["form"].errors), Asking.objects.count()) == (["chain"], 0)


def test_asking_sheet_holds_the_links_that_were_shown_and_no_others(login, staff, office, firm, here):
    foreign_chain = make.chain()
    foreign = make.actor(Role.OFFICE_STAFF, foreign_chain)
    _, mine = asked(office, firm, here)
    _, theirs = asked(foreign, make.member(foreign_chain), foreign_chain)
    tokens = [url.rpartition("/")[2] for url in (mine, theirs)]
    answer = login(staff).post(reverse("asking_sheet"), {"token": [*tokens, "invented"]})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows] == ["单位", "江苏博智工程咨询有限公司"]
    assert rows[1][2] == f"http://testserver{mine}"


def test_asking_add_mails_those_whose_address_is_known(
    login, staff, firm, here, settings, client, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example.org"
    make.entry(on=here, organisation=firm, contact_name="赵六", contact_email="zhao@example.org")
    other = make.member(here)
    facts = {"chosen": [firm.pk, other.pk], "chain": here.pk, "days": 5, "ask": "王静", "mail": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        made = login(staff).post(reverse("asking_add"), facts)

    [sent] = mail.outbox
    link = re.search(r"http://\S+", sent.body)[0]
    assert sent.to == ["zhao@example.org"]
    assert [each["asking"].organisation for each in made.context["links"]] == [other]
    assert client.get(link).context["asking"].organisation == firm


def test_asking_confirm_gives_a_link_for_one_entry(login, staff, firm, here, client):
    entry = make.entry(on=here, organisation=firm, state="submitted")
    foreign = make.entry(state="submitted")
    url = reverse("asking_confirm", args=[entry.pk])
    shown = login(staff).get(url)
    made = login(staff).post(url, {"days": 3, "ask": "王静"})
    refused = login(staff).post(reverse("asking_confirm", args=[foreign.pk]), {"days": 3, "ask": "王静"})

    assert (shown.status_code, refused.status_code) == (200, 404)
    assert client.get(made.context["links"][0]["link"]).context["entry"] == entry


def test_asking_confirm_of_what_is_over_is_refused(login, staff, firm, here):
    entry = make.entry(on=here, organisation=firm, state="returned")
    Entry.objects.update(state="withdrawn")
    answer = login(staff).post(reverse("asking_confirm", args=[entry.pk]), {"days": 3, "ask": "王静"})

    assert (answer.status_code in (200, 404), Asking.objects.count()) == (True, 0)


def test_asking_list_shows_own_chains_links_by_state(login, staff, office, firm, here, client):
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
    reader = login(staff)
    found = {
        state: list(reader.get(reverse("asking_list"), {"state": state}).context["listing"].rows)
        for state in made
    }

    assert found == {state: [asking] for state, asking in made.items()}
    assert {state: states(asking) for state, asking in made.items()} == {state: state for state in made}
    assert len(reader.get(reverse("asking_list")).context["listing"].rows) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_list_same_number_of_queries(rows, login, staff, office, here, django_assert_num_queries):
    for _ in range(rows):
        asked(office, make.member(here), here)
    client = login(staff)
    client.get(reverse("asking_list"))

    with django_assert_num_queries(QUERIES):
        client.get(reverse("asking_list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_choose_same_number_of_queries(rows, login, staff, here, django_assert_num_queries):
    for _ in range(rows):
        make.member(here)
    client = login(staff)
    client.get(reverse("asking_choose"))

    with django_assert_num_queries(CHOOSE_QUERIES):
        client.get(reverse("asking_choose"))


def test_asking_renew_gives_another_link_and_ends_the_first(login, staff, office, firm, here, client):
    asking, old = asked(office, firm, here, days=3)
    made = login(staff).post(reverse("asking_renew", args=[asking.pk]))
    [each] = made.context["links"]

    assert (client.get(old).status_code, client.get(each["link"]).status_code) == (410, 200)
    assert (each["asking"].expires_at - each["asking"].made_at).days == 3


def test_asking_revoke_ends_the_link_and_another_office_cannot(login, staff, office, firm, here, client):
    asking, url = asked(office, firm, here)
    stranger = make.position(Role.OFFICE_STAFF)
    refused = login(stranger).post(reverse("asking_revoke", args=[asking.pk]))
    still = client.get(url).status_code
    login(staff).post(reverse("asking_revoke", args=[asking.pk]))

    assert (refused.status_code, still, client.get(url).status_code) == (404, 200, 410)


def test_asking_detail_is_for_the_office_of_the_chain(login, staff, office, firm, here):
    asking, url = asked(office, firm, here)
    address = reverse("asking_detail", args=[asking.pk])
    contact = make.position(Role.ENTERPRISE_CONTACT, here)
    answers = [login(p).get(address).status_code for p in (staff, make.position(Role.OFFICE_STAFF), contact)]

    assert answers == [200, 404, 403]
    assert url not in login(staff).get(address).text
