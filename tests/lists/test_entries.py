"""Pages and actions of entries: written, kept, submitted, answered."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted, Stale, StateMoved
from lianqiao.lists.actions.entries import add_entry, discard, edit_entry
from lianqiao.lists.actions.moves import publish, return_entry, revise, submit, withdraw
from lianqiao.lists.models import Entry
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db
NEED = {"kind": "need", "title": "铝板幕墙深化设计人员", "description": "三名，十二月前到岗，会用BIM软件"}


def page(login, held, name, *args, **query):
    return login(held).get(reverse(name, args=args) + (f"?{urlencode(query)}" if query else ""))


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
    form = page(login, contact, "entry_add", kind="resource").context["form"]

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


def test_entry_list_shows_each_kind_in_its_tab_and_what_is_over_only_when_asked(login, staff, here):
    need, _resource = make.entry(on=here), make.entry("resource", here)
    over = make.entry(on=here, state="withdrawn")
    make.entry()

    shown = page(login, staff, "entry_list", kind="need")
    everything = page(login, staff, "entry_list", kind="need", state="all")

    assert list(shown.context["listing"].page) == [need]
    assert set(everything.context["listing"].page) == {need, over}
    assert [tab["count"] for tab in shown.context["tabs"]] == [1, 1, 0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "幕墙"}, ["a"]),
        ({"q": "muqiang"}, ["a"]),
        ({"state": "submitted"}, ["b"]),
        ({"dimension": "research"}, ["a"]),
        ({"category": "none"}, ["b"]),
        ({"urgency": "high"}, ["b"]),
        ({"due": "soon"}, ["a"]),
        ({"due": "over"}, []),
        ({"source": "visit"}, ["b"]),
        ({"whose": "own"}, []),
        ({"kind": "resource"}, []),
        ({"segment": "none"}, ["a", "b"]),
    ],
)
def test_entry_list_filters_of_the_address_narrow_it(login, staff, here, query, found):
    a = make.entry(
        on=here,
        title="铝板幕墙",
        dimensions=["research", "training"],
        category=make.category(here),
        due_on=make.today() + timedelta(days=9),
    )
    b = make.entry(on=here, state="submitted", urgency="high", source="visit", organisation=make.member(here))
    named = {a: "a", b: "b"}

    rows = page(login, staff, "entry_list", **{"kind": "need"} | query).context["listing"].page

    assert sorted(named[row] for row in rows) == found


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.ENTERPRISE_CONTACT, Role.AUDITOR])
@pytest.mark.parametrize("rows", [1, 3])
def test_entry_list_same_number_of_queries(login, django_assert_num_queries, here, role, rows):
    held = make.position(role, here)
    for _ in range(rows):
        make.entry(on=here, category=make.category(here), segment=make.segment(here))
    client = login(held)
    client.get(reverse("entry_list"))

    with django_assert_num_queries(QUERIES_OF_LIST[role]):
        client.get(reverse("entry_list"), {"kind": "need", "q": "第"})


QUERIES_OF_LIST = {Role.OFFICE_STAFF: 13, Role.ENTERPRISE_CONTACT: 13, Role.AUDITOR: 14}


def test_entry_list_exports_what_is_shown_with_contacts_masked_for_others(login, here):
    make.entry(on=here, contact_name="张三丰", contact_phone="13800001234")
    other = make.position(Role.ENTERPRISE_CONTACT, here)
    columns = [("columns", name) for name in ("title", "contact", "phone")]
    listing = login(other).get(reverse("entry_list") + "?" + urlencode(columns)).context["listing"]

    assert [[cell.value for cell in cells[1:]] for _row, cells in listing.table] == [["张**", "138****1234"]]


def test_entry_list_of_a_student_has_no_needs(login, here):
    make.entry(on=here)
    offer = make.entry("resource", here)
    answer = page(login, make.position(Role.STUDENT, here), "entry_list")

    assert list(answer.context["listing"].page) == [offer]
    assert [str(tab["label"]) for tab in answer.context["tabs"]] == ["资源", "服务"]


@pytest.mark.parametrize(
    ("state", "reached"),
    [
        ("draft", {"own"}),
        ("submitted", {"own", "office", "liaison", "leader", "auditor"}),
        ("returned", {"own", "office", "liaison", "leader", "auditor"}),
        ("published", {"own", "other", "office", "liaison", "leader", "auditor"}),
        ("withdrawn", {"own", "office", "liaison", "leader", "auditor"}),
    ],
)
def test_entry_detail_is_there_for_those_who_may_see_this_state(login, contact, here, state, reached):
    who = contact.organisation
    row = make.entry(on=here, organisation=who, state=state, registered_by=who)
    people = {
        "own": contact,
        "other": make.position(Role.ENTERPRISE_CONTACT, here),
        "office": make.position(Role.OFFICE_ADMIN, here),
        "liaison": make.position(Role.LIAISON, here),
        "leader": make.position(Role.LEADER, here),
        "auditor": make.position(Role.AUDITOR),
        "stranger": make.position(Role.OFFICE_ADMIN),
        "student": make.position(Role.STUDENT, here),
    }
    url = reverse("entry_detail", args=[row.pk])
    found = {name for name, held in people.items() if login(held).get(url).status_code == 200}

    # An auditor reads everything, also what was not said to the office yet.
    assert found == reached | {"auditor"}


def test_entry_detail_of_a_college_is_its_own_and_not_its_sisters_while_it_waits(login, here):
    school = make.member(here, kind="school")
    mine, sister = (
        make.position(Role.COLLEGE_CONTACT, here, organisation=school, unit=make.unit(school))
        for _ in range(2)
    )
    row = make.entry("resource", here, organisation=school, unit=mine.unit, state="submitted")
    url = reverse("entry_detail", args=[row.pk])

    assert [login(held).get(url).status_code for held in (mine, sister)] == [200, 404]


def test_entry_detail_hides_what_its_reader_may_not_know(login, contact, staff, here):
    facts = {
        "contact_name": "张三丰", "contact_phone": "13800001234", "contact_email": "zhang@example.org",
        "money": "350000", "conditions": "只付成本", "source_note": "座谈纪要第三句",
        "visibility": {"money": "office", "conditions": "office"},
    }  # fmt: skip
    row = make.entry(on=here, organisation=contact.organisation, **facts)
    never = make.member(here, "云川不合作有限公司")
    row.wishes.create(organisation=never, kind="never")
    url, other = reverse("entry_detail", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    texts = [login(held).get(url).content.decode() for held in (contact, staff, other)]
    secret = ("张三丰", "13800001234", "zhang@example.org", "只付成本", "座谈纪要", "云川不合作")

    assert [[word in text for word in secret] for text in texts] == [[True] * 6, [True] * 6, [False] * 6]
    assert "138****1234" in texts[2]
    assert "350" not in texts[2]


def test_entry_detail_same_number_of_queries_with_one_and_three_of_everything(
    login, staff, here, django_assert_num_queries
):
    rows = [make.entry(on=here) for _ in range(2)]
    for count, row in zip((1, 3), rows, strict=True):
        for n in range(count):
            row.comments.create(person=staff.person, position_label="x", text=f"{n}", at=timezone.now())
            row.wishes.create(organisation=make.member(here), kind="must")
    client = login(staff)
    client.get(reverse("entry_detail", args=[rows[0].pk]))
    for row in rows:
        with django_assert_num_queries(QUERIES_OF_DETAIL):
            client.get(reverse("entry_detail", args=[row.pk]))


QUERIES_OF_DETAIL = 19


def test_entry_of_an_organisation_that_was_merged_goes_with_it(office, here):
    from lianqiao.registry.actions.merging import merge_organisations

    row, kept = make.entry(on=here), make.member(here)
    merge_organisations(row.organisation, kept, by=office, now=timezone.now())

    assert Entry.objects.get().organisation == kept


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


def test_moves_are_for_the_office_and_the_asker_and_told_to_the_other(contact, asker, office, here, staff):
    now = timezone.now()
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    with pytest.raises(NotPermitted):
        publish(row, by=asker, now=now)
    returned = return_entry(row, by=office, now=now, reason="请写明数量")
    with pytest.raises(StateMoved):
        publish(row, by=office, now=now)
    submit(returned, by=asker, now=now)
    done = publish(row, by=office, now=now)
    gone = withdraw(done, by=asker)

    assert (done.state, done.answered_at, done.fresh_until) == (
        "published", now, timezone.localdate(now) + timedelta(days=90),
    )  # fmt: skip
    assert gone.state == "withdrawn"
    assert [(n.person, n.template, n.facts.get("reason")) for n in Notice.objects.order_by("pk")] == [
        (contact.person, "entry_returned", "请写明数量"),
        (staff.person, "entry_submitted", None),
        (contact.person, "entry_published", None),
    ]


def test_return_without_a_reason_and_publish_of_what_is_over_are_refused(office, here):
    from lianqiao.lists.actions.moves import EndsInThePast

    now = timezone.now()
    row = make.entry(on=here, state="submitted", ends_on=make.yesterday())
    with pytest.raises(ValidationError, match="写明原因"):
        return_entry(row, by=office, now=now, reason="  ")
    with pytest.raises(EndsInThePast):
        publish(row, by=office, now=now)


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
    assert list(Entry.objects.all()) == [said]
    assert AuditEntry.objects.filter(action="lists.discard", subject_id=str(draft.pk)).count() == 1
    with pytest.raises(NotPermitted):
        discard(said, by=make.actor(Role.OFFICE_STAFF, here))


def test_entry_move_published_and_taken_back_in_one_press(login, staff, here):
    row = make.entry(on=here, state="submitted")
    client = login(staff)
    done = client.post(reverse("entry_move", args=[row.pk, "publish"]), {"then": "review"})
    published = Entry.objects.get().state
    token = client.get(done.url).context["done"]["token"]
    undone, again = (client.post(reverse("undo"), {"done": token}) for _ in range(2))
    entry = Entry.objects.get()

    assert (done.url, published) == (reverse("review_queue"), "published")
    assert (undone.status_code, again.status_code) == (302, 409)
    assert (entry.state, entry.published_at, entry.answered_at, entry.fresh_until) == (
        "submitted",
        None,
        None,
        None,
    )


def test_entry_move_that_nobody_knows_or_may_make_is_not_there(login, contact, staff, here):
    row = make.entry(on=here, state="submitted")
    moves = [(staff, "expire"), (staff, "fly"), (contact, "publish")]

    assert [login(held).post(reverse("entry_move", args=[row.pk, m])).status_code for held, m in moves] == [
        404
    ] * 3


def test_entry_move_in_the_wrong_state_says_so_on_the_entry(login, staff, here):
    row = make.entry(on=here, state="withdrawn")
    client = login(staff)
    answer = client.post(reverse("entry_move", args=[row.pk, "publish"]), follow=True)

    assert "现在的状态是“已撤回”" in answer.content.decode()


def test_entry_return_with_usual_and_other_reasons(login, staff, here):
    row = make.entry(on=here, state="submitted")
    client, url = login(staff), reverse("entry_return", args=[row.pk])
    empty = client.post(url, {})
    done = client.post(url, {"usual": ["0", "1"], "reason": "谢谢", "then": "review"})

    assert (empty.status_code, done.url) == (200, reverse("review_queue"))
    assert Entry.objects.get().returned_reason == (
        "请写明数量（人数、次数、面积或金额）。 请写明时间（什么时候要、什么时候可以）。 谢谢"
    )
