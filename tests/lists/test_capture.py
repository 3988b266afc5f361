"""From a text to entries: what is offered, what is written, what can be taken back."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists import engine
from lianqiao.lists.models import Capture, CapturedEntry, Comment, Entry
from tests import factories as make

from .captures import MINUTES, NEED, captured, filled, line_of, shown, written

pytestmark = pytest.mark.sqlite_tells

QUERIES = {"capture_list": 9, "capture_add": 8, "capture_review": 16}


@pytest.mark.django_db
def test_capture_review_shows_each_finding_with_its_sentence_marked_in_its_context(clerk, here):
    capture = captured(clerk, here)

    page = clerk.get(reverse("capture_review", args=[capture.pk])).content.decode()

    assert f"<mark>{NEED}</mark>" in page
    assert [one["how"] for one in capture.found["organisations"] if one["name"] == "甲建筑公司"] == [
        "certain"
    ]
    assert "淮海文博园" in page
    assert capture.found["pairs"] == [{"unit": "江苏建筑职业技术学院", "enterprise": "甲建筑公司"}]
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_review_writes_the_ticked_lines_as_submitted_entries(clerk, here, firm, staff):
    capture = captured(clerk, here)
    line = line_of(capture, "幕墙检测")

    answer = written(clerk, capture)
    page = clerk.get(answer.url).content.decode()

    entry = Entry.objects.get(source_sentence=NEED)
    assert (entry.kind, entry.state, entry.organisation, entry.chain) == ("need", "submitted", firm, here)
    assert (entry.source, entry.source_note) == ("text", "座谈 2026-10-24")
    assert CapturedEntry.objects.get(entry=entry).line == line
    assert entry.title in page
    told = AuditEntry.objects.filter(action__startswith="lists.").order_by("id")
    told = list(told.values_list("action", flat=True))
    assert told[0] == "lists.capture_text"
    assert told[-1] == "lists.write_captured"
    assert set(told[1:-1]) == {"lists.add_entry", "lists.submit"}


@pytest.mark.django_db
def test_capture_review_sent_twice_writes_once(clerk, here):
    capture = captured(clerk, here)
    data = filled(shown(clerk, capture))
    url = reverse("capture_review", args=[capture.pk])

    clerk.post(url, data)
    count = Entry.objects.count()
    again = clerk.post(url, data)

    assert (again.status_code, again.url) == (302, url)
    assert count == Entry.objects.count() > 0


@pytest.mark.django_db
def test_capture_review_takes_what_was_changed_in_place(clerk, here, school):
    capture = captured(clerk, here)
    category = make.category(here, "service", "政策咨询")
    segment = make.segment(here, "施工")
    line = line_of(capture, "幕墙检测")
    form = shown(clerk, capture)
    changed = {
        f"title-{line}": "改过的名称",
        f"kind-{line}": "service",
        f"organisation-{line}": "江苏建筑职业技术学院",
        f"category-{line}": category.pk,
        f"segment-{line}": segment.pk,
    }

    clerk.post(reverse("capture_review", args=[capture.pk]), filled(form, **changed))

    entry = Entry.objects.get(title="改过的名称")
    assert (entry.kind, entry.organisation, entry.category, entry.segment) == (
        "service",
        school,
        category,
        segment,
    )
    assert "幕墙检测" in entry.description


@pytest.mark.django_db
def test_capture_review_keeps_entries_of_unregistered_organisations_as_drafts(clerk, here):
    capture = captured(clerk, here)
    line = line_of(capture, "造价员")
    assert shown(clerk, capture)[f"take-{line}"].value() is False

    written(clerk, capture, **{f"take_{line}": "on"})

    entry = Entry.objects.get(source_sentence__contains="造价员")
    assert (entry.state, entry.organisation, entry.organisation_name) == ("draft", None, "恒源建材有限公司")


@pytest.mark.django_db
def test_capture_review_undo_takes_everything_back_and_it_can_be_written_again(clerk, here):
    capture = captured(clerk, here)
    answer = written(clerk, capture)
    token = clerk.get(answer.url).context["done"]["token"]

    undone = clerk.post(reverse("undo"), {"done": token})
    twice = clerk.post(reverse("undo"), {"done": token})

    assert (undone.status_code, twice.status_code) == (302, 409)
    assert (Entry.objects.count(), Capture.objects.get().state) == (0, "open")
    written(clerk, capture)
    assert Entry.objects.count() > 0


@pytest.mark.django_db
def test_capture_review_undo_is_refused_once_an_entry_was_taken_further(clerk, here):
    capture = captured(clerk, here)
    answer = written(clerk, capture)
    token = clerk.get(answer.url).context["done"]["token"]
    count = Entry.objects.count()
    clerk.post(reverse("entry_move", args=[Entry.objects.first().pk, "publish"]))

    refused = clerk.post(reverse("undo"), {"done": token})

    assert (refused.status_code, Entry.objects.count()) == (409, count)
    assert Capture.objects.get().state == "done"


@pytest.mark.django_db
def test_capture_review_offers_what_is_there_already_and_comments_on_it(clerk, here, firm):
    capture = captured(clerk, here)
    line = line_of(capture, "幕墙检测")
    words = capture.found["entries"][line]["text"]
    there = make.entry("need", here, organisation=firm, title=words[:60], description=words)

    form = shown(clerk, capture)
    offered = [value for value, _label in form.fields[f"how-{line}"].choices]
    answer = written(clerk, capture, **{f"take_{line}": "on", f"how_{line}": f"comment-{there.pk}"})

    assert form[f"take-{line}"].value() is False
    assert offered == ["new", f"keep-{there.pk}", f"comment-{there.pk}"]
    assert Comment.objects.get().text == f"座谈 2026-10-24：{words}"
    assert list(Entry.objects.filter(organisation=firm, kind="need")) == [there]
    clerk.post(reverse("undo"), {"done": clerk.get(answer.url).context["done"]["token"]})
    assert Comment.objects.get().state == "removed"


@pytest.mark.django_db
def test_capture_review_says_at_the_line_what_is_wrong_and_writes_nothing(clerk, here):
    other = make.category(here, "resource", "阵地")
    capture = captured(clerk, here)
    line = line_of(capture, "幕墙检测")

    answer = written(
        clerk,
        capture,
        **{f"title_{line}": "", f"organisation_{line}": "谁也不知道的单位", f"category_{line}": other.pk},
    )

    assert {name.partition("-")[0] for name in answer.context["form"].errors} == {"organisation"}
    answer = written(clerk, capture, **{f"title_{line}": "", f"category_{line}": other.pk})
    assert {name.partition("-")[0] for name in answer.context["form"].errors} == {"title", "category"}
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_review_needs_a_choice_where_a_name_is_only_likely(clerk, here):
    firm = make.member(here, "江苏恒远建筑工程有限公司")
    capture = captured(clerk, here, "江苏恒远建筑有限公司希望学校提供幕墙检测的技术支持。")
    [at] = [n for n, one in enumerate(capture.found["organisations"]) if one["how"] == "likely"]

    refused = written(clerk, capture, take_0="on")
    chosen = written(clerk, capture, **{"take_0": "on", f"place_{at}": str(firm.pk)})

    assert [*refused.context["form"].errors] == ["organisation-0"]
    assert (chosen.status_code, Entry.objects.get().organisation) == (302, firm)


@pytest.mark.django_db
def test_capture_review_by_liaison_writes_for_enterprises_looked_after_only(login, here, firm, school):
    held = make.position(Role.LIAISON, here)
    make.branch(firm, kind="none", instructor=held.person, why_none="人数不足")
    clerk = login(held)
    capture = captured(clerk, here)
    need, offer = line_of(capture, "幕墙检测"), line_of(capture, "实训基地")

    refused = written(clerk, capture, **{f"take_{need}": "on", f"take_{offer}": "on"})
    form = shown(clerk, capture)
    data = {name: value for name, value in filled(form).items() if not name.startswith("take-")}
    clerk.post(reverse("capture_review", args=[capture.pk]), data | {f"take-{need}": "on"})

    assert f"organisation-{offer}" in refused.context["form"].errors
    assert f"organisation-{need}" not in refused.context["form"].errors
    assert list(Entry.objects.values_list("organisation", "state")) == [(firm.pk, "submitted")]


@pytest.mark.django_db
def test_capture_drop_writes_nothing_and_is_the_end_of_it(clerk, here):
    capture = captured(clerk, here)
    data = filled(shown(clerk, capture))

    clerk.post(reverse("capture_drop", args=[capture.pk]), data)
    late = clerk.post(reverse("capture_review", args=[capture.pk]), data)

    assert (Capture.objects.get().state, Entry.objects.count()) == ("dropped", 0)
    assert late.status_code == 200
    assert clerk.post(reverse("capture_drop", args=[capture.pk])).status_code == 409


@pytest.mark.django_db
def test_capture_review_of_others_is_as_if_it_were_not_there(clerk, login, here):
    capture = captured(clerk, here)
    colleague = login(make.position(Role.OFFICE_STAFF, here))
    url = reverse("capture_review", args=[capture.pk])
    assert colleague.get(url).status_code == 200

    for held in (make.position(Role.OFFICE_STAFF), make.position(Role.LIAISON, here)):
        stranger = login(held)
        assert (stranger.get(url).status_code, stranger.post(url).status_code) == (404, 404)
        assert stranger.post(reverse("capture_drop", args=[capture.pk])).status_code == 404
    auditor = login(make.position(Role.AUDITOR))
    assert "form" not in auditor.get(url).context
    assert auditor.post(url).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("name", QUERIES)
def test_capture_pages_same_number_of_queries(clerk, here, django_assert_num_queries, name):
    for count in (1, 3):
        lines = []
        for n in range(count):
            who, thing = f"江苏第{'一二三'[n]}建筑有限公司", ("幕墙检测", "智能建造", "造价咨询")[n]
            place = make.member(here, f"{who}{count}")
            words = f"希望学校提供{thing}的技术支持"
            # Something alike beside each line.
            make.entry("need", here, organisation=place, title=words, description=words)
            lines.append(f"{who}{count}{words}。")
        capture = captured(clerk, here, "\n".join(lines))
        assert len(capture.found["entries"]) >= count
        if name == "capture_list" and count == 3:
            captured(clerk, here, MINUTES)
        url = reverse(name, args=[capture.pk] if name == "capture_review" else [])
        # What was prepared a moment ago counts as fresh for a while.
        engine.SPACES.clear()
        first = clerk.get(url)
        if name == "capture_review":
            assert sum(map(len, first.context["form"].similar.values())) >= count
        with django_assert_num_queries(QUERIES[name]):
            assert clerk.get(url).status_code == 200


@pytest.mark.django_db
def test_capture_review_lets_nobody_comment_where_they_may_not(login, here, firm, school):
    """A liaison sees what is there already, of enterprises that somebody else looks after too."""
    clerk = login(make.position(Role.LIAISON, here))
    capture = captured(clerk, here)
    line = line_of(capture, "幕墙检测")
    words = "希望学校提供幕墙检测的技术支持"
    there = make.entry("need", here, organisation=firm, title=words, description=words)
    form = shown(clerk, capture)
    data = {name: value for name, value in filled(form).items() if not name.startswith("take-")}

    answer = clerk.post(
        reverse("capture_review", args=[capture.pk]),
        data | {f"take-{line}": "on", f"how-{line}": f"comment-{there.pk}"},
    )

    assert [*answer.context["form"].errors] == [f"how-{line}"]
    assert (Comment.objects.count(), Capture.objects.get().state) == (0, "open")
