"""Around entries: review, return, merging, bulk, freshness, comments, files, filters, categories."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.actions.clock import expire_due, remind_due
from lianqiao.lists.actions.merging import CannotMergeEntries, merge_entries, undo_merge
from lianqiao.lists.actions.moves import confirm_fresh, extend, resume
from lianqiao.lists.models import Attachment, Category, Comment, Entry, FreshnessRule, SavedFilter
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def shown(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def test_review_queue_has_the_oldest_first_with_what_its_answer_needs(login, staff, here):
    now = timezone.now()
    late = make.entry(
        on=here,
        title="幕墙设计",
        state="submitted",
        submitted_at=now - timedelta(days=9),
        promised_on=make.yesterday(),
    )
    young = make.entry(on=here, title="砌筑工", state="submitted", submitted_at=now)
    make.entry(state="submitted")
    same = make.entry(on=here, title="幕墙设计")
    offer = make.entry("resource", here, title="幕墙设计课程")
    make.entry(on=here, submitted_at=now - timedelta(days=3), answered_at=now)

    context = shown(login(staff), "review_queue").context
    chosen = shown(login(staff), "review_queue", entry=young.pk).context

    assert [(row["entry"], row["late"]) for row in context["queue"]] == [(late, True), (young, False)]
    assert (context["entry"].pk, chosen["entry"].pk) == (late.pk, young.pk)
    assert [near.entry for near in context["similar"]] == [same]
    assert [near.entry for near in context["counterparts"]] == [offer]
    assert context["days"] == 0.0


def test_review_queue_without_anything_says_what_will_stand_there(login, staff):
    assert "没有等待审核的条目" in shown(login(staff), "review_queue").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_review_queue_same_number_of_queries(login, staff, here, rows, django_assert_num_queries):
    make.entry(on=here, title="幕墙设计")
    for _ in range(rows):
        make.entry(on=here, state="submitted", title="幕墙设计")
    client = login(staff)
    client.get(reverse("review_queue"))
    with django_assert_num_queries(QUERIES_OF_QUEUE):
        client.get(reverse("review_queue"))


QUERIES_OF_QUEUE = 14


def test_entry_return_page_of_another_chain_is_not_there(login, staff):
    row = make.entry(state="submitted")

    assert login(staff).get(reverse("entry_return", args=[row.pk])).status_code == 404


def test_entry_merge_by_button_or_number_and_entry_merge_undo(login, staff, here):
    gone = make.entry(on=here, description="三名，十二月到岗", contact_name="张三丰")
    kept = make.entry(on=here, organisation=gone.organisation, contact_phone="13800001234")
    other = make.entry("resource", here)
    said = gone.comments.create(person=staff.person, position_label="x", text="同一件事", at=timezone.now())
    wish = gone.wishes.create(organisation=make.member(here), kind="must")
    client, url = login(staff), reverse("entry_merge", args=[gone.pk])
    unknown = client.post(url, {"kept": str(other.number + 99)})
    done = client.post(url, {"kept": f"#{kept.pk}"})
    gone.refresh_from_db(), kept.refresh_from_db()
    merged = (gone.state, gone.merged_into, kept.description, kept.contact_name, kept.contact_phone)
    moved = [(Comment.objects.get().entry, kept.wishes.get().pk)]
    redirected = client.get(reverse("entry_detail", args=[gone.pk]))
    client.post(reverse("entry_merge_undo", args=[kept.merges_kept.get().pk]))
    gone.refresh_from_db(), kept.refresh_from_db()

    assert (unknown.status_code, done.url) == (200, reverse("entry_detail", args=[kept.pk]))
    assert merged == ("merged", kept, "三名，十二月到岗", "张三丰", "13800001234")
    assert moved == [(kept, wish.pk)]
    assert redirected.url == done.url
    assert (gone.state, gone.merged_into, kept.description, kept.contact_name) == ("published", None, "", "")
    assert (list(gone.comments.all()), list(gone.wishes.all())) == ([said], [wish])


def test_merge_of_other_lists_states_or_of_one_with_itself_is_refused(office, asker, here):
    row, now = make.entry(on=here), timezone.now()
    for other in (row, make.entry("service", here), make.entry(on=here, state="withdrawn")):
        with pytest.raises((CannotMergeEntries, NotPermitted)):
            merge_entries(row, other, by=office, now=now)
    with pytest.raises(NotPermitted):
        merge_entries(row, make.entry(on=here), by=asker, now=now)


def test_merge_does_not_give_the_contact_of_one_organisation_to_another(office, here):
    gone, kept = make.entry(on=here, contact_name="张三丰", place="云龙区"), make.entry(on=here)
    merge = merge_entries(gone, kept, by=office, now=timezone.now())
    kept.refresh_from_db()
    undo_merge(merge, by=office)

    assert (kept.contact_name, kept.place) == ("", "云龙区")


def test_entries_bulk_shows_who_can_does_it_and_takes_it_back_as_one(login, staff, here):
    rows = [make.entry(on=here, state="submitted") for _ in range(3)]
    over, stranger = make.entry(on=here, state="withdrawn"), make.entry(state="submitted")
    chosen = [row.pk for row in (*rows, over, stranger)]
    client, url = login(staff), reverse("entries_bulk")
    looked = client.post(url, {"what": "publish", "chosen": chosen})
    states = set(Entry.objects.filter(chain=here).values_list("state", flat=True))
    done = client.post(url, {"what": "publish", "chosen": chosen[:4], "go": "1", "query": "kind=need"})
    published = Entry.objects.filter(chain=here, state="published").count()
    token = client.get(done.url).context["done"]["token"]
    client.post(reverse("undo"), {"done": token})

    assert ([row.pk for row in looked.context["able"]], looked.context["unable"]) == (
        sorted(chosen[:3], reverse=True), [over],
    )  # fmt: skip
    assert states == {"submitted", "withdrawn"}
    assert (published, done.url) == (3, reverse("entry_list") + "?kind=need")
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["submitted"] * 4 + ["withdrawn"]
    assert set(Entry.objects.filter(pk__in=chosen[:3]).values_list("published_at", "answered_at")) == {
        (None, None)
    }


def test_entries_bulk_over_every_row_of_the_filter(login, staff, here):
    rows = [make.entry(on=here, title=f"幕墙{n}") for n in range(3)]
    make.entry(on=here, title="砌筑")
    category = make.category(here)
    facts = {"what": "category", "every": "1", "query": "kind=need&q=幕墙", "shown": "3"}
    client, url = login(staff), reverse("entries_bulk")
    looked = client.post(url, facts)
    changed = client.post(url, facts | {"shown": "2", "go": "1", "category": category.pk})
    chosen = [row.pk for row in looked.context["choice"].rows]
    done = client.post(url, facts | {"go": "1", "category": category.pk, "shown": "", "chosen": chosen})

    assert (looked.status_code, changed.context["choice"].changed, done.status_code) == (200, True, 302)
    assert set(Entry.objects.filter(category=category)) == set(rows)


@pytest.mark.parametrize(
    ("what", "facts", "changed"),
    [
        ("return", {"reason": "请写明数量"}, {"state": "returned", "returned_reason": "请写明数量"}),
        ("extend", {"ends_on": "2199-01-01"}, {"ends_on": "2199-01-01"}),
        ("confirm", {}, {}),
    ],
)
def test_entries_bulk_steps_that_ask_for_a_word(login, staff, here, what, facts, changed):
    row = make.entry(on=here, fresh_until=make.today())
    answer = login(staff).post(reverse("entries_bulk"), {"what": what, "chosen": [row.pk], "go": "1"} | facts)
    row.refresh_from_db()

    assert answer.status_code == 302
    assert {name: str(getattr(row, name)) for name in changed} == changed
    assert (row.fresh_until > make.today()) is (what != "return")


def test_freshness_expires_what_nobody_confirmed_after_reminding_once(contact, asker, here):
    who, now = contact.organisation, timezone.now()
    soon = make.entry(on=here, organisation=who, fresh_until=make.today() + timedelta(days=10))
    over = make.entry(on=here, organisation=who, fresh_until=make.yesterday())
    ended = make.entry("resource", here, organisation=who, ends_on=make.yesterday())
    later = make.entry(on=here, organisation=who)
    clock = at_the_terminal("clock")

    counts = [remind_due(by=clock, now=now), expire_due(by=clock, now=now)]
    again = [remind_due(by=clock, now=now), expire_due(by=clock, now=now)]
    states = [Entry.objects.get(pk=row.pk).state for row in (soon, over, ended, later)]
    told = list(Notice.objects.order_by("pk").values_list("template", "facts__title"))

    assert (counts, again) == ([3, 2], [0, 0])
    assert states == ["published", "expired", "expired", "published"]
    assert [template for template, _title in told] == ["entry_expires_soon"] * 3 + ["entry_expired"] * 2
    assert resume(over, by=asker, today=make.today()).fresh_until == make.today() + timedelta(days=90)
    assert confirm_fresh(soon, by=asker, today=make.today()).reminded_at is None


def test_resume_of_what_is_over_by_its_own_date_asks_for_a_later_one(login, contact, here):
    row = make.entry(on=here, organisation=contact.organisation, state="expired", ends_on=make.yesterday())
    answer = login(contact).post(reverse("entry_move", args=[row.pk, "resume"]), follow=True)

    assert "请先延长有效期" in answer.content.decode()


def test_entry_extend_and_confirm_by_its_asker_and_nobody_else(login, contact, here, asker):
    row = make.entry(on=here, organisation=contact.organisation, ends_on=make.today())
    url, other = reverse("entry_extend", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    past = login(contact).post(url, {"ends_on": make.yesterday(), "seen": 0})
    done = login(contact).post(url, {"ends_on": "2199-01-01", "seen": 0})

    assert (past.status_code, done.status_code, login(other).get(url).status_code) == (200, 302, 404)
    with pytest.raises(NotPermitted):
        extend(row, by=make.actor_of(other), today=make.today(), ends_on=make.today())


def test_entry_comment_is_between_the_asker_and_the_office(login, contact, staff, here):
    row = make.entry(on=here, organisation=contact.organisation)
    url, other = reverse("entry_comment", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    codes = [login(held).post(url, {"text": "请问几楼？"}).status_code for held in (staff, contact, other)]
    login(contact).post(url, {"text": " "})
    texts = [
        login(held).get(reverse("entry_detail", args=[row.pk])).content.decode() for held in (contact, other)
    ]

    assert codes == [302, 302, 404]
    assert Comment.objects.count() == 2
    assert [text.count("请问几楼？") for text in texts] == [2, 0]


def test_comment_remove_by_its_writer_or_the_office(login, contact, staff, here):
    row = make.entry(on=here, organisation=contact.organisation)
    mine, theirs = (
        row.comments.create(person=held.person, position_label="x", text="y", at=timezone.now())
        for held in (contact, staff)
    )
    client = login(contact)
    codes = [client.post(reverse("comment_remove", args=[each.pk])).status_code for each in (mine, theirs)]

    assert codes == [302, 403]
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["removed", "shown"]


def office_file(*parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return stream.getvalue()


FILES = {
    "a.pdf": (b"%PDF-1.7 x", True),
    "a.png": (b"\x89PNG\r\n\x1a\nx", True),
    "说明.docx": (office_file("word/document.xml"), True),
    "a.xlsx": (office_file("word/document.xml"), False),
    "macro.xlsx": (office_file("xl/workbook.xml", "xl/vbaProject.bin"), False),
    "b.pdf": (b"MZ executable", False),
    "page.html": (b"<script>", False),
    "old.doc": (b"\xd0\xcf\x11\xe0", False),
    "nul.txt": (b"a\0b", False),
    "gbk.txt": ("中文".encode("gbk"), False),
    "broken.docx": (b"PK\x03\x04", False),
    "bomb.docx": (office_file("word/document.xml") + b"PK\x01\x02" * 6000, False),
}


@pytest.mark.parametrize("name", FILES)
def test_attachment_add_takes_a_file_by_what_it_is(login, contact, here, name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content, good = FILES[name]
    row = make.entry(on=here, organisation=contact.organisation)
    file = SimpleUploadedFile(name, content)
    answer = login(contact).post(reverse("attachment_add", args=[row.pk]), {"file": file})

    assert answer.status_code == (302 if good else 200)
    assert [(a.name, a.size) for a in Attachment.objects.all()] == ([(name, len(content))] if good else [])
    assert len(list((tmp_path / "entries").glob("*")) if (tmp_path / "entries").exists() else []) == good


def test_attachment_open_and_attachment_remove_for_those_who_see_and_keep_the_entry(
    login, contact, staff, here, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    client, other = login(contact), make.position(Role.ENTERPRISE_CONTACT, here)
    add = reverse("attachment_add", args=[row.pk])
    for _ in range(2):
        twice = client.post(add, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    file = Attachment.objects.get()
    url = reverse("attachment_open", args=[file.pk])
    opened = client.get(url)
    content = b"".join(opened.streaming_content)
    codes = [login(held).get(url).status_code for held in (staff, other)]
    with django_capture_on_commit_callbacks(execute=True):
        refused = login(other).post(reverse("attachment_remove", args=[file.pk]))
        removed = client.post(reverse("attachment_remove", args=[file.pk]))

    assert "这个文件已经附在这条下面" in twice.content.decode()
    assert (content, opened["Content-Disposition"]) == (b"%PDF-1.7 x", 'attachment; filename="a.pdf"')
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert (codes, refused.status_code, removed.status_code) == ([200, 404], 404, 302)
    assert list(tmp_path.rglob("entries/*")) == []


def test_filter_save_and_filter_drop_are_one_s_own(login, staff, here):
    client, other = login(staff), login(make.position(Role.OFFICE_STAFF, here))
    for query in ("kind=need&q=a", "kind=need&q=b"):
        client.post(reverse("filter_save"), {"name": "常用", "query": query})
    row = SavedFilter.objects.get()
    listed = [list(each.get(reverse("entry_list")).context["saved"]) for each in (client, other)]
    codes = [each.post(reverse("filter_drop", args=[row.pk])).status_code for each in (other, client)]

    assert (row.query, listed, codes) == ("kind=need&q=b", [[row], []], [404, 302])
    assert not SavedFilter.objects.exists()


def test_category_list_begins_with_the_usual_and_categories_begin_adds_no_twice(login, staff, here):
    client, url = login(staff), reverse("categories_begin", args=[here.pk])
    codes = [client.post(url).status_code for _ in range(2)]
    stranger = client.post(reverse("categories_begin", args=[make.chain().pk]))

    assert (codes, stranger.status_code) == ([302, 302], 404)
    assert Category.objects.filter(chain=here).count() == 19
    assert "政策咨询" in client.get(reverse("category_list")).content.decode()


def test_category_add_category_edit_category_retire_category_revive(login, staff, here):
    client = login(staff)
    facts = {"chain": here.pk, "kind": "need", "name": "设备", "position": 1}
    add = reverse("category_add")
    first, twice = client.post(add, facts), client.post(add, facts)
    row = Category.objects.get()
    used = make.entry(on=here, category=row)
    edited = client.post(
        reverse("category_edit", args=[row.pk]), {"name": "机械设备", "position": 2, "seen": 0}
    )
    client.post(reverse("category_retire", args=[row.pk]))
    offered = client.get(reverse("entry_add")).context["form"].fields["category"].queryset
    kept = client.get(reverse("entry_edit", args=[used.pk])).context["form"].fields["category"].queryset
    retired = (list(offered), list(kept))
    client.post(reverse("category_revive", args=[row.pk]))
    row.refresh_from_db()

    assert (first.status_code, twice.status_code, edited.status_code) == (302, 200, 302)
    assert retired == ([], [row])
    assert (row.name, row.state) == ("机械设备", "active")


def test_freshness_edit_holds_for_what_is_confirmed_after_it(login, staff, contact, asker, here):
    client, url = login(staff), reverse("freshness_edit", args=[here.pk, "need"])
    row = make.entry(on=here, organisation=contact.organisation)
    wrong = client.post(url, {"days": 30, "remind_days": 30, "answer_days": 2})
    for days in (30, 40):
        done = client.post(url, {"days": days, "remind_days": 7, "answer_days": 1})
    missing = client.get(reverse("freshness_edit", args=[here.pk, "wish"]))

    assert (wrong.status_code, done.status_code, missing.status_code) == (200, 302, 404)
    assert [(r.days, r.remind_days, r.answer_days) for r in FreshnessRule.objects.all()] == [(40, 7, 1)]
    assert confirm_fresh(row, by=asker, today=make.today()).fresh_until == make.today() + timedelta(days=40)
    assert "40 天后须再确认" in client.get(reverse("freshness_list")).content.decode()
