"""Undo and history: each change of an entry, and of what hangs on it, can be given back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.actions.clock import forget_deleted
from lianqiao.lists.actions.entries import edit_entry
from lianqiao.lists.actions.moves import publish, submit, take_back_move, withdraw
from lianqiao.lists.actions.restoring import ChangedSince, restore_edit
from lianqiao.lists.models import Attachment, Category, Comment, Entry, FreshnessRule, SavedFilter
from tests import factories as make

pytestmark = pytest.mark.django_db


def press_undo(client, answer):
    token = client.get(answer.url).context["done"]["token"]
    return client.post(reverse("undo"), {"done": token})


def last(entry, action):
    return AuditEntry.objects.filter(action=action, subject_id=str(entry.pk)).order_by("-id").first()


def form_of(client, entry):
    """What the page of the form would send back unchanged."""
    form = client.get(reverse("entry_edit", args=[entry.pk])).context["form"]
    sent = {}
    for field in form:
        value = field.value()
        sent[field.html_name] = "" if value is None else field.field.prepare_value(value)
    return sent | {"step": "keep", "kind": entry.kind}


def test_entry_edit_is_undone_with_contacts_and_wishes(login, staff, here):
    row = make.entry(on=here, contact_phone="13800001234", place="云川路 1 号")
    wished = make.member(here, "云川被希望有限公司")
    client = login(staff)
    sent = form_of(client, row)
    changed = {"title": "另一个名称", "contact_phone": "13900005678", "place": "", "must": wished.name}
    answer = client.post(reverse("entry_edit", args=[row.pk]), sent | changed)
    then = Entry.objects.get()
    written = (then.title, then.contact_phone, then.place, then.wished()["must"])
    undone = press_undo(client, answer)
    entry = Entry.objects.get()

    assert written == ("另一个名称", "13900005678", "", [wished.pk])
    assert undone.status_code == 302
    assert (entry.title, entry.contact_phone, entry.place) == (row.title, "13800001234", "云川路 1 号")
    assert entry.wished() == {"must": [], "never": []}
    assert verify().is_whole


def test_entry_edit_that_changes_nothing_offers_no_undo(login, staff, here):
    row = make.entry(on=here)
    client = login(staff)
    answer = client.post(reverse("entry_edit", args=[row.pk]), form_of(client, row))

    assert client.get(answer.url).context["done"] is None
    assert Entry.objects.get().version == 0


def test_entry_restore_of_an_edit_from_the_history(login, staff, here, office):
    row = make.entry(on=here, title="第一个名称", place="甲地")
    edit_entry(row, by=office, title="第二个名称")
    edit_entry(row, by=office, place="乙地")
    client = login(staff)
    page = client.get(reverse("entry_detail", args=[row.pk])).content.decode()
    first, second = (
        event.pk for event in AuditEntry.objects.filter(action="lists.edit_entry").order_by("id")
    )
    answer = client.post(reverse("entry_restore", args=[row.pk, first]), {"what": "edit"})
    restored = Entry.objects.get()
    undone = press_undo(client, answer)

    assert page.count("恢复到修改之前") == 2
    assert (restored.title, restored.place) == ("第一个名称", "乙地")
    assert undone.status_code == 302
    assert (Entry.objects.get().title, first < second) == ("第二个名称", True)


def test_entry_restore_is_refused_with_the_fields_that_changed_since(login, staff, here, office):
    row = make.entry(on=here, title="第一个名称")
    edit_entry(row, by=office, title="第二个名称", place="甲地")
    edit_entry(row, by=office, title="第三个名称")
    event = AuditEntry.objects.filter(action="lists.edit_entry").order_by("id").first()
    with pytest.raises(ChangedSince):
        restore_edit(row, event, by=office)
    url = reverse("entry_restore", args=[row.pk, event.pk])
    answer = login(staff).post(url, {"what": "edit"}, follow=True)

    assert "之后又改过：名称。" in answer.content.decode()
    assert (Entry.objects.get().title, Entry.objects.get().place) == ("第三个名称", "甲地")


def test_entry_restore_knows_sums_and_days_and_lists_again(here, office):
    row = make.entry(on=here)
    said = {
        "money": Decimal("350000"),
        "due_on": make.today(),
        "dimensions": ["research"],
        "calendar": {"2099-W01": 2},
    }
    edit_entry(row, by=office, **said)
    restore_edit(row, last(row, "lists.edit_entry"), by=office)
    entry = Entry.objects.get()

    assert (entry.money, entry.due_on, entry.dimensions, entry.calendar) == (None, None, [], {})


def test_entry_restore_of_wishes_tells_their_names(login, staff, here, office):
    row, never = make.entry(on=here), make.member(here, "云川不合作有限公司")
    edit_entry(row, by=office, never=[never])
    client, event = login(staff), last(row, "lists.wish")
    page = client.get(reverse("entry_detail", args=[row.pk])).content.decode()
    client.post(reverse("entry_restore", args=[row.pk, event.pk]), {"what": "edit"})

    assert "不与它对接：— → 云川不合作有限公司" in page
    assert row.wished() == {"must": [], "never": []}


def test_entry_restore_gives_back_the_last_move_to_whoever_made_it_and_the_office(
    login, staff, contact, asker, office, here
):
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    publish(row, by=office, now=timezone.now())
    published = last(row, "lists.publish")
    withdraw(row, by=asker)
    gone = last(row, "lists.withdraw")
    with pytest.raises(NotPermitted):
        take_back_move(row, published, by=asker)
    client = login(staff)
    early = client.post(reverse("entry_restore", args=[row.pk, published.pk]), {"what": "move"}, follow=True)
    state = Entry.objects.get().state
    login(contact).post(reverse("entry_restore", args=[row.pk, gone.pk]), {"what": "move"})

    assert "请先撤销后来的一步" in early.content.decode()
    assert (state, Entry.objects.get().state) == ("withdrawn", "published")


def test_entry_restore_is_not_there_for_those_who_do_not_keep_the_entry(login, here, office):
    row = make.entry(on=here)
    edit_entry(row, by=office, title="第二个名称")
    url = reverse("entry_restore", args=[row.pk, last(row, "lists.edit_entry").pk])
    other, elsewhere = make.position(Role.ENTERPRISE_CONTACT, here), make.position(Role.OFFICE_STAFF)
    strange = reverse("entry_restore", args=[make.entry(on=here).pk, last(row, "lists.edit_entry").pk])

    assert [login(held).post(url, {"what": "edit"}).status_code for held in (other, elsewhere)] == [404, 404]
    assert login(make.position(Role.OFFICE_STAFF, here)).post(strange, {"what": "edit"}).status_code == 404
    assert Entry.objects.get(pk=row.pk).title == "第二个名称"


def test_history_of_the_asker_tells_its_own_changes_and_not_what_the_office_wrote(
    login, contact, asker, office, here
):
    row = make.entry(on=here, organisation=contact.organisation, state="submitted", title="原来的名称")
    edit_entry(row, by=office, source_note="对方要价高")
    edit_entry(row, by=office, source_note="")
    edit_entry(row, by=asker, title="自己改的名称")
    page = login(contact).get(reverse("entry_detail", args=[row.pk])).content.decode()

    assert "原来的名称 → 自己改的名称" in page
    assert "对方要价高" not in page


def test_comment_edit_comment_remove_and_comment_restore_by_those_who_may(login, contact, staff, here):
    row = make.entry(on=here, organisation=contact.organisation)
    mine = row.comments.create(person=contact.person, position_label="x", text="请问几楼", at=timezone.now())
    client, office = login(contact), login(staff)
    edit = reverse("comment_edit", args=[mine.pk])
    refused = office.post(edit, {"text": "改别人的"})
    edited = client.post(edit, {"text": "请问几层"})
    page = client.get(edited.url).content.decode()
    text = Comment.objects.get().text
    removed = office.post(reverse("comment_remove", args=[mine.pk]))
    gone = client.get(reverse("entry_detail", args=[row.pk])).content.decode()
    not_mine = client.post(reverse("comment_restore", args=[mine.pk]))
    undone = press_undo(office, removed)
    back = Comment.objects.get()
    office.post(reverse("comment_remove", args=[mine.pk]))
    later = office.post(reverse("comment_restore", args=[mine.pk]))

    assert (refused.status_code, edited.status_code, not_mine.status_code) == (404, 302, 404)
    assert text == "请问几层"
    assert "（已修改）" in page
    assert "留言已删除" in gone
    assert "请问几层" not in gone
    assert (undone.status_code, back.state, later.status_code) == (302, "shown", 302)
    assert Comment.objects.get().state == "shown"
    assert '"请问几楼"' in AuditEntry.objects.get(action="lists.edit_comment").before


def test_attachment_restore_until_the_clock_forgets_it(
    login, contact, here, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    client, add = login(contact), reverse("attachment_add", args=[row.pk])
    client.post(add, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    file = Attachment.objects.get()
    remove, restore = (reverse(name, args=[file.pk]) for name in ("attachment_remove", "attachment_restore"))
    press_undo(client, client.post(remove))
    undone = Attachment.objects.get().detached_at
    client.post(remove)
    page = client.get(reverse("entry_detail", args=[row.pk])).content.decode()
    client.post(restore)
    restored = Attachment.objects.get().detached_at
    client.post(remove)
    client.post(add, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    twice = client.post(restore, follow=True).content.decode()
    clock, now = at_the_terminal("clock"), timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        counts = [forget_deleted(by=clock, now=now + timedelta(days=days)) for days in (29, 31, 31)]

    assert (undone, restored) == (None, None)
    assert "已删除的附件" in page
    assert "这个文件已经附在这条下面" in twice
    assert counts == [0, 1, 0]
    assert (Attachment.objects.count(), len(list(tmp_path.rglob("entries/*")))) == (1, 1)


def test_entry_discard_is_undone_until_the_clock_forgets_the_draft(login, contact, staff, here):
    row = make.entry(
        on=here, organisation=contact.organisation, state="draft", registered_by=contact.organisation
    )
    row.comments.create(person=contact.person, position_label="x", text="备注", at=timezone.now())
    client, url = login(contact), reverse("entry_discard", args=[row.pk])
    answer = client.post(url)
    seen = [client.get(reverse("entry_detail", args=[row.pk])).status_code]
    undone = press_undo(client, answer)
    seen.append(client.get(reverse("entry_detail", args=[row.pk])).status_code)
    answer = client.post(url)
    clock = at_the_terminal("clock")
    counts = [forget_deleted(by=clock, now=timezone.now() + timedelta(days=days)) for days in (29, 31)]

    assert (seen, undone.status_code, counts) == ([404, 200], 302, [0, 1])
    assert not Entry.objects.exists()
    assert press_undo(client, answer).status_code == 409


def test_what_an_office_settles_and_saves_is_undone(login, staff, here):
    client = login(staff)
    row = make.category(here, name="设备")
    facts = {"name": "机械", "position": 2, "seen": 0}
    press_undo(client, client.post(reverse("category_edit", args=[row.pk]), facts))
    days = {"days": 30, "remind_days": 7, "answer_days": 1}
    press_undo(client, client.post(reverse("freshness_edit", args=[here.pk, "need"]), days))
    for query in ("kind=need&q=a", "kind=need&q=b"):
        saved = client.post(reverse("filter_save"), {"name": "常用", "query": query})
    press_undo(client, saved)
    first = SavedFilter.objects.get()
    press_undo(client, client.post(reverse("filter_drop", args=[first.pk])))

    assert Category.objects.get().name == "设备"
    assert [(r.days, r.remind_days, r.answer_days) for r in FreshnessRule.objects.all()] == [(90, 14, 2)]
    assert SavedFilter.objects.get().query == first.query == "kind=need&q=a"


def test_undo_of_a_saved_filter_is_also_a_leader_s(login, here):
    client = login(make.position(Role.LEADER, here))
    saved = client.post(reverse("filter_save"), {"name": "常用", "query": "kind=need"})

    assert press_undo(client, saved).status_code == 302
    assert not SavedFilter.objects.exists()


def test_submit_of_a_draft_taken_back_from_the_history_is_a_draft_again(login, contact, asker, here):
    row = make.entry(
        on=here, organisation=contact.organisation, state="draft", registered_by=contact.organisation
    )
    submit(row, by=asker, now=timezone.now())
    url = reverse("entry_restore", args=[row.pk, last(row, "lists.submit").pk])
    login(contact).post(url, {"what": "move"})
    entry = Entry.objects.get()

    assert (entry.state, entry.number, entry.submitted_at) == ("draft", None, None)
