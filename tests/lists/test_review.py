"""The office's work on entries: the queue, merging, many at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.actions.merging import CannotMergeEntries, merge_entries, undo_merge
from lianqiao.lists.models import Comment, Entry
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
