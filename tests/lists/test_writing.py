"""Writing an entry: kept while one types, coached, submitted, and never wrong in the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted, Stale
from lianqiao.lists.actions.entries import add_entry, discard, edit_entry
from lianqiao.lists.actions.moves import revise, submit
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import entries_for
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


NEED = {"kind": "need", "title": "铝板幕墙深化设计人员", "description": "三名，十二月前到岗，会用BIM软件"}


def test_entry_add_kept_as_draft_then_submitted_by_contact(login, contact, here, staff):
    client = login(contact)
    kept = client.post(reverse("entry_keep"), NEED | {"chain": here.pk})
    draft = Entry.objects.get()
    again = client.post(
        reverse("entry_keep"),
        NEED | {"chain": here.pk, "draft": draft.pk, "seen": draft.version, "place": "工地"},
    )
    facts = NEED | {"chain": here.pk, "draft": draft.pk, "seen": 1, "step": "submit", "place": "工地"}
    answer = client.post(reverse("entry_add"), facts)
    entry = Entry.objects.get()

    assert (kept.status_code, again.status_code, answer.status_code) == (200, 200, 302)
    assert f'value="{draft.pk}"' in kept.content.decode()
    assert answer.url == reverse("entry_detail", args=[draft.pk])
    assert (entry.state, entry.number, entry.place) == ("submitted", 1, "工地")
    assert entry.organisation == entry.registered_by == contact.organisation
    assert entry.promised_on > make.today()
    assert [(n.person, n.template) for n in Notice.objects.all()] == [(staff.person, "entry_submitted")]


def test_entry_keep_without_a_word_or_of_another_keeps_nothing(login, contact, here):
    other = make.entry(on=here, state="draft", registered_by=here.office)
    client = login(contact)
    empty = client.post(reverse("entry_keep"), {"kind": "need", "chain": here.pk, "title": " "})
    stranger = client.post(reverse("entry_keep"), NEED | {"chain": here.pk, "draft": other.pk})

    assert (empty.status_code, stranger.status_code) == (200, 404)
    assert list(Entry.objects.all()) == [other]


def test_entry_add_submitted_without_a_title_stays_a_draft_and_says_what_is_missing(login, contact, here):
    facts = NEED | {"title": "", "chain": here.pk, "step": "submit"}
    answer = login(contact).post(reverse("entry_add"), facts)

    assert answer.status_code == 200
    assert "提交之前请填写名称" in answer.content.decode()
    assert [row.state for row in Entry.objects.all()] == ["draft"]


def test_entry_add_by_the_office_is_published_at_once(login, staff, here):
    who = make.member(here)
    facts = NEED | {"chain": here.pk, "organisation": who.pk, "step": "submit", "source": "roundtable"}
    login(staff).post(reverse("entry_add"), facts)

    assert [(e.state, e.organisation, e.source) for e in Entry.objects.all()] == [
        ("published", who, "roundtable")
    ]


def test_entry_add_by_liaison_is_a_need_of_an_enterprise_it_looks_after(here):
    liaison = make.position(Role.LIAISON, here)
    mine, other = make.member(here), make.member(here)
    make.branch(mine, kind="none", instructor=liaison.person, why_none="人数不足")
    actor = make.actor_of(liaison)
    add_entry(by=actor, chain=here, organisation=mine, **NEED)

    with pytest.raises(NotPermitted):
        add_entry(by=actor, chain=here, organisation=other, **NEED)
    with pytest.raises(NotPermitted):
        add_entry(by=actor, chain=here, organisation=mine, **NEED | {"kind": "resource"})


def test_entry_add_offers_no_list_of_organisations_to_a_contact(login, contact):
    form = login(contact).get(reverse("entry_add"), {"kind": "resource"}).context["form"]

    assert not {"organisation", "source", "industries", "due_on"} & set(form.fields)


def test_entry_edit_by_its_contact_in_the_version_that_was_read(login, contact, here):
    row = make.entry(on=here, organisation=contact.organisation, state="returned")
    facts = NEED | {"chain": here.pk, "draft": row.pk, "seen": row.version, "step": "keep"}
    client = login(contact)
    done = client.post(reverse("entry_edit", args=[row.pk]), facts)
    stale = client.post(reverse("entry_edit", args=[row.pk]), facts | {"title": "另一个名称"})

    assert (done.status_code, stale.status_code) == (302, 200)
    assert "已被他人修改" in stale.content.decode()
    assert Entry.objects.get().title == NEED["title"]


def test_entry_edit_of_what_is_published_sends_it_to_review_again_but_not_for_the_office(
    login, contact, staff, here
):
    row = make.entry(on=here, organisation=contact.organisation)
    url = reverse("entry_edit", args=[row.pk])
    facts = NEED | {"chain": here.pk, "organisation": row.organisation_id}
    login(staff).post(url, facts | {"seen": 0})
    by_office = Entry.objects.get()
    login(contact).post(url, facts | {"seen": 1, "title": "改后的名称"})
    by_contact = Entry.objects.get()

    assert (by_office.state, by_office.title) == ("published", NEED["title"])
    assert (by_contact.state, by_contact.title) == ("submitted", "改后的名称")
    assert (by_contact.number, by_contact.answered_at) == (row.number, None)


def test_entry_add_opened_again_offers_the_last_draft_of_this_person_and_list_to_go_on_with(
    login, contact, here
):
    client = login(contact)
    colleague = make.position(Role.ENTERPRISE_CONTACT, here, organisation=contact.organisation)
    client.post(reverse("entry_keep"), NEED | {"chain": here.pk})
    make.entry(on=here, organisation=contact.organisation, state="draft", source="workbook")
    draft = Entry.objects.get(title=NEED["title"])

    def offered(client, **asked):
        return client.get(reverse("entry_add"), {"kind": "need"} | asked)

    again = offered(client)
    assert again.context["unsent"] == draft
    assert f'href="{reverse("entry_edit", args=[draft.pk])}"' in again.text
    assert 'href="?kind=need&amp;another=1"' in again.text
    assert offered(client, another=1).context["unsent"] is None
    assert offered(client, kind="resource").context["unsent"] is None
    assert offered(login(colleague)).context["unsent"] is None

    submit(draft, by=make.actor_of(contact), now=timezone.now())
    assert offered(client).context["unsent"] is None


def test_entry_coach_on_the_page_of_an_entry_does_not_call_it_similar_to_itself(login, contact, here):
    row = make.entry(on=here, organisation=contact.organisation, **NEED)
    other = make.entry(on=here, **NEED)
    client = login(contact)
    form = client.get(reverse("entry_edit", args=[row.pk])).text
    coach = client.post(reverse("entry_coach"), NEED | {"chain": here.pk, "about": row.pk, "draft": ""})

    assert f'name="about" value="{row.pk}"' in form
    assert [near.entry for near in coach.context["similar"]] == [other]


def test_entry_coach_says_what_is_missing_and_whom_the_wording_finds(login, contact, here):
    offer = make.entry("resource", here, title="幕墙设计师资", description="幕墙深化设计教师五名")
    same = make.entry(on=here, **NEED | {"kind": "need"})
    client = login(contact)
    poor = client.post(reverse("entry_coach"), {"kind": "need", "chain": here.pk, "title": "要人"})
    rich = client.post(reverse("entry_coach"), NEED | {"chain": here.pk})

    met = {hint.code: hint.met for hint in poor.context["hints"]}
    assert met == {"title": False, "words": False, "figure": False, "day": False, "trade": False}
    assert (poor.context["completeness"], rich.context["completeness"]) == (0, 67)
    assert [near.entry for near in rich.context["counterparts"]] == [offer]
    assert [near.entry for near in rich.context["similar"]] == [same]


def test_what_must_never_be_is_refused_by_the_database(here):
    row = make.entry(on=here)
    wrong = [
        {"title": ""},
        {"organisation": None},
        {"number": None},
        {"published_at": None},
        {"state": "returned", "returned_reason": ""},
        {"state": "merged"},
        {"starts_on": make.today(), "ends_on": make.yesterday()},
        {"money": -1},
        {"organisation": None, "state": "draft", "unit": make.unit(row.organisation)},
    ]
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(pk=row.pk).update(**facts)


def test_rows_that_do_not_belong_together_are_refused_by_name(here, office):
    row, elsewhere = make.entry(on=here), make.chain()
    wrong = {
        "segment": make.segment(elsewhere),
        "category": make.category(here, "resource"),
        "unit": make.unit(make.organisation()),
        "dimensions": ["politics"],
        "calendar": {"next week": 2},
        "visibility": {"title": "office"},
    }
    for name, value in wrong.items():
        with pytest.raises(ValidationError) as refused:
            edit_entry(row, by=office, **{name: value})
        assert list(refused.value.message_dict) == [name]


def test_numbers_run_for_each_chain_and_list_and_are_given_when_submitted(here, office):
    who = make.member(here)

    def submitted(kind, chain=here):
        row = add_entry(by=office, chain=chain, organisation=who, kind=kind, title="名称")
        return submit(row, by=office, now=timezone.now()).number

    assert [submitted(kind) for kind in ("need", "need", "resource", "need")] == [1, 2, 1, 3]


def test_entry_cannot_be_taken_to_where_it_could_not_have_been_written(office, asker, here, contact):
    row = make.entry(
        on=here, organisation=contact.organisation, state="draft", registered_by=contact.organisation
    )
    with pytest.raises(NotPermitted):
        edit_entry(row, by=asker, organisation=make.member(here))
    with pytest.raises(NotPermitted):
        revise(make.entry(on=here), by=asker, now=timezone.now())
    with pytest.raises(Stale):
        edit_entry(row, by=asker, seen=7, title="x")


def test_entry_discard_is_for_drafts_only_and_stays_in_the_trail(login, contact, here):
    draft, said = (
        make.entry(
            on=here, organisation=contact.organisation, state=state, registered_by=contact.organisation
        )
        for state in ("draft", "submitted")
    )
    client = login(contact)
    codes = [client.post(reverse("entry_discard", args=[row.pk])).status_code for row in (draft, said)]

    assert codes == [302, 404]
    assert list(entries_for(make.actor_of(contact))) == [said]
    assert AuditEntry.objects.filter(action="lists.discard", subject_id=str(draft.pk)).count() == 1
    with pytest.raises(NotPermitted):
        discard(said, by=make.actor(Role.OFFICE_STAFF, here), now=timezone.now())
