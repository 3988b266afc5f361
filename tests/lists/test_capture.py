"""From a text to entries: what is offered, what is written, what can be taken back."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists import engine
from lianqiao.lists.models import Capture, CapturedEntry, Comment, Entry
from tests import factories as make

QUERIES = {"capture_list": 9, "capture_add": 8, "capture_review": 14}
NEED = "甲建筑公司提出，希望学校提供幕墙检测的技术支持。"
MINUTES = f"""建筑产业链座谈会纪要
2026年10月24日上午，座谈会在淮海文博园举行。
{NEED}
江苏建筑职业技术学院表示，可以提供装配式建筑实训基地，供企业培训使用。
恒源建材有限公司希望招聘造价员10名。
江苏建筑职业技术学院与甲建筑公司签署校企共建协议。"""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def firm(here):
    return make.member(here, "甲建筑公司")


@pytest.fixture
def school(here):
    return make.member(here, "江苏建筑职业技术学院", kind="school")


@pytest.fixture
def client(login, staff, firm, school):
    return login(staff)


def given(on, text=MINUTES, **more):
    return {"chain": on.pk, "source": "roundtable", "day": "2026-10-24", "text": text} | more


def captured(client, on, text=MINUTES):
    answer = client.post(reverse("capture_add"), given(on, text))
    return Capture.objects.get(pk=int(answer.url.rpartition("/")[2]))


def shown(client, capture):
    return client.get(reverse("capture_review", args=[capture.pk])).context["form"]


def filled(form, **changed):
    """What a browser sends of the form as it stands."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changed).items() if value not in (None, False)}


def line_of(capture, part):
    return next(at for at, said in enumerate(capture.found["entries"]) if part in said["sentence"])


def written(client, capture, **changed):
    data = filled(shown(client, capture), **{name.replace("_", "-"): one for name, one in changed.items()})
    return client.post(reverse("capture_review", args=[capture.pk]), data)


@pytest.mark.django_db
def test_capture_review_shows_each_finding_with_its_sentence_marked_in_its_context(client, here):
    capture = captured(client, here)

    page = client.get(reverse("capture_review", args=[capture.pk])).content.decode()

    assert f"<mark>{NEED}</mark>" in page
    assert [one["how"] for one in capture.found["organisations"] if one["name"] == "甲建筑公司"] == [
        "certain"
    ]
    assert "淮海文博园" in page
    assert capture.found["pairs"] == [{"unit": "江苏建筑职业技术学院", "enterprise": "甲建筑公司"}]
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_review_writes_the_ticked_lines_as_submitted_entries(client, here, firm, staff):
    capture = captured(client, here)
    line = line_of(capture, "幕墙检测")

    answer = written(client, capture)
    page = client.get(answer.url).content.decode()

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
def test_capture_review_sent_twice_writes_once(client, here):
    capture = captured(client, here)
    data = filled(shown(client, capture))
    url = reverse("capture_review", args=[capture.pk])

    client.post(url, data)
    count = Entry.objects.count()
    again = client.post(url, data)

    assert (again.status_code, again.url) == (302, url)
    assert count == Entry.objects.count() > 0


@pytest.mark.django_db
def test_capture_review_takes_what_was_changed_in_place(client, here, school):
    capture = captured(client, here)
    category = make.category(here, "service", "政策咨询")
    segment = make.segment(here, "施工")
    line = line_of(capture, "幕墙检测")
    form = shown(client, capture)
    changed = {
        f"title-{line}": "改过的名称",
        f"kind-{line}": "service",
        f"organisation-{line}": "江苏建筑职业技术学院",
        f"category-{line}": category.pk,
        f"segment-{line}": segment.pk,
    }

    client.post(reverse("capture_review", args=[capture.pk]), filled(form, **changed))

    entry = Entry.objects.get(title="改过的名称")
    assert (entry.kind, entry.organisation, entry.category, entry.segment) == (
        "service",
        school,
        category,
        segment,
    )
    assert "幕墙检测" in entry.description


@pytest.mark.django_db
def test_capture_review_keeps_entries_of_unregistered_organisations_as_drafts(client, here):
    capture = captured(client, here)
    line = line_of(capture, "造价员")
    assert shown(client, capture)[f"take-{line}"].value() is False

    written(client, capture, **{f"take_{line}": "on"})

    entry = Entry.objects.get(source_sentence__contains="造价员")
    assert (entry.state, entry.organisation, entry.organisation_name) == ("draft", None, "恒源建材有限公司")


@pytest.mark.django_db
def test_capture_review_undo_takes_everything_back_and_it_can_be_written_again(client, here):
    capture = captured(client, here)
    answer = written(client, capture)
    token = client.get(answer.url).context["done"]["token"]

    undone = client.post(reverse("undo"), {"done": token})
    twice = client.post(reverse("undo"), {"done": token})

    assert (undone.status_code, twice.status_code) == (302, 409)
    assert (Entry.objects.count(), Capture.objects.get().state) == (0, "open")
    written(client, capture)
    assert Entry.objects.count() > 0


@pytest.mark.django_db
def test_capture_review_undo_is_refused_once_an_entry_was_taken_further(client, here):
    capture = captured(client, here)
    answer = written(client, capture)
    token = client.get(answer.url).context["done"]["token"]
    count = Entry.objects.count()
    client.post(reverse("entry_move", args=[Entry.objects.first().pk, "publish"]))

    refused = client.post(reverse("undo"), {"done": token})

    assert (refused.status_code, Entry.objects.count()) == (409, count)
    assert Capture.objects.get().state == "done"


@pytest.mark.django_db
def test_capture_review_offers_what_is_there_already_and_comments_on_it(client, here, firm):
    capture = captured(client, here)
    line = line_of(capture, "幕墙检测")
    words = capture.found["entries"][line]["text"]
    there = make.entry("need", here, organisation=firm, title=words[:60], description=words)

    form = shown(client, capture)
    offered = [value for value, _label in form.fields[f"how-{line}"].choices]
    answer = written(client, capture, **{f"take_{line}": "on", f"how_{line}": f"comment-{there.pk}"})

    assert form[f"take-{line}"].value() is False
    assert offered == ["new", f"keep-{there.pk}", f"comment-{there.pk}"]
    assert Comment.objects.get().text == f"座谈 2026-10-24：{words}"
    assert list(Entry.objects.filter(organisation=firm, kind="need")) == [there]
    client.post(reverse("undo"), {"done": client.get(answer.url).context["done"]["token"]})
    assert Comment.objects.get().state == "removed"


@pytest.mark.django_db
def test_capture_review_says_at_the_line_what_is_wrong_and_writes_nothing(client, here):
    other = make.category(here, "resource", "阵地")
    capture = captured(client, here)
    line = line_of(capture, "幕墙检测")

    answer = written(
        client,
        capture,
        **{f"title_{line}": "", f"organisation_{line}": "谁也不知道的单位", f"category_{line}": other.pk},
    )

    assert {name.partition("-")[0] for name in answer.context["form"].errors} == {"organisation"}
    answer = written(client, capture, **{f"title_{line}": "", f"category_{line}": other.pk})
    assert {name.partition("-")[0] for name in answer.context["form"].errors} == {"title", "category"}
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_review_needs_a_choice_where_a_name_is_only_likely(client, here):
    firm = make.member(here, "江苏恒远建筑工程有限公司")
    capture = captured(client, here, "江苏恒远建筑有限公司希望学校提供幕墙检测的技术支持。")
    [at] = [n for n, one in enumerate(capture.found["organisations"]) if one["how"] == "likely"]

    refused = written(client, capture, take_0="on")
    chosen = written(client, capture, **{"take_0": "on", f"place_{at}": str(firm.pk)})

    assert [*refused.context["form"].errors] == ["organisation-0"]
    assert (chosen.status_code, Entry.objects.get().organisation) == (302, firm)


@pytest.mark.django_db
def test_capture_review_by_liaison_writes_for_enterprises_looked_after_only(login, here, firm, school):
    held = make.position(Role.LIAISON, here)
    make.branch(firm, kind="none", instructor=held.person, why_none="人数不足")
    client = login(held)
    capture = captured(client, here)
    need, offer = line_of(capture, "幕墙检测"), line_of(capture, "实训基地")

    refused = written(client, capture, **{f"take_{need}": "on", f"take_{offer}": "on"})
    form = shown(client, capture)
    data = {name: value for name, value in filled(form).items() if not name.startswith("take-")}
    client.post(reverse("capture_review", args=[capture.pk]), data | {f"take-{need}": "on"})

    assert f"organisation-{offer}" in refused.context["form"].errors
    assert f"organisation-{need}" not in refused.context["form"].errors
    assert list(Entry.objects.values_list("organisation", "state")) == [(firm.pk, "submitted")]


@pytest.mark.django_db
def test_capture_drop_writes_nothing_and_is_the_end_of_it(client, here):
    capture = captured(client, here)
    data = filled(shown(client, capture))

    client.post(reverse("capture_drop", args=[capture.pk]), data)
    late = client.post(reverse("capture_review", args=[capture.pk]), data)

    assert (Capture.objects.get().state, Entry.objects.count()) == ("dropped", 0)
    assert late.status_code == 200
    assert client.post(reverse("capture_drop", args=[capture.pk])).status_code == 409


@pytest.mark.django_db
def test_capture_review_of_others_is_as_if_it_were_not_there(client, login, here):
    capture = captured(client, here)
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
def test_capture_pages_same_number_of_queries(client, here, django_assert_num_queries, name):
    for count in (1, 3):
        lines = []
        for n in range(count):
            who, thing = f"江苏第{'一二三'[n]}建筑有限公司", ("幕墙检测", "智能建造", "造价咨询")[n]
            place = make.member(here, f"{who}{count}")
            words = f"希望学校提供{thing}的技术支持"
            # Something alike beside each line.
            make.entry("need", here, organisation=place, title=words, description=words)
            lines.append(f"{who}{count}{words}。")
        capture = captured(client, here, "\n".join(lines))
        assert len(capture.found["entries"]) >= count
        if name == "capture_list" and count == 3:
            captured(client, here, MINUTES)
        url = reverse(name, args=[capture.pk] if name == "capture_review" else [])
        # What was prepared a moment ago counts as fresh for a while.
        engine.SPACES.clear()
        first = client.get(url)
        if name == "capture_review":
            assert sum(map(len, first.context["form"].similar.values())) >= count
        with django_assert_num_queries(QUERIES[name]):
            assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_capture_review_lets_nobody_comment_where_they_may_not(login, here, firm, school):
    """A liaison sees what is there already, of enterprises that somebody else looks after too."""
    client = login(make.position(Role.LIAISON, here))
    capture = captured(client, here)
    line = line_of(capture, "幕墙检测")
    words = "希望学校提供幕墙检测的技术支持"
    there = make.entry("need", here, organisation=firm, title=words, description=words)
    form = shown(client, capture)
    data = {name: value for name, value in filled(form).items() if not name.startswith("take-")}

    answer = client.post(
        reverse("capture_review", args=[capture.pk]),
        data | {f"take-{line}": "on", f"how-{line}": f"comment-{there.pk}"},
    )

    assert [*answer.context["form"].errors] == [f"how-{line}"]
    assert (Comment.objects.count(), Capture.objects.get().state) == (0, "open")
