"""The pages of projects as people use them."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.projects.actions.kinds import settle_claim_limit
from lianqiao.projects.actions.moves import publish_project
from lianqiao.projects.actions.outcomes import confirm_outcome
from lianqiao.projects.models import Claim, Evidence, Milestone, Outcome, Project, WorkNote
from tests import factories as make
from tests.agreements import rows as agreed
from tests.projects.rows import PDF, fresh
from tests.projects.test_moves import match_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(scene, login):
    """A client for each of those who are there, by name."""
    held = {name: getattr(scene, name).position for name in ("firm", "college", "second", "other", "stranger")}
    held |= {"office": scene.staff, "coordinator": scene.coordinator}
    return {name: login(position) for name, position in held.items()}


def detail(client, project):
    return client.get(reverse("project_detail", args=[project.pk]))


def post(client, name, *args, follow=False, **body):
    return client.post(reverse(name, args=args), body, follow=follow)


def undone(client, answer):
    """Press the button that the next page tells."""
    token = client.get(answer.url).context["done"]["token"]
    return client.post(reverse("undo"), {"done": token})


def titles(answer):
    return {row.title for row, _cells in answer.context["listing"].table}


def test_project_list_shows_each_reader_what_is_theirs(scene, clients, login):
    draft, free, asked = scene.draft(), scene.open(), scene.open(asked=scene.school, asked_unit=scene.college.unit)
    mine, others = scene.working(), scene.working(scene.other, sponsor=make.member(scene.chain))
    late = scene.working(scene.other, sponsor=make.member(scene.chain))
    Project.objects.filter(pk=late.pk).update(claim_by=make.yesterday())
    url = reverse("project_list")
    seen = {name: titles(client.get(url)) for name, client in clients.items()}
    visitors = {role: titles(login(make.position(role, scene.chain)).get(url)) for role in (Role.MENTOR, Role.STUDENT)}
    leader = titles(login(make.position(Role.LEADER, scene.chain)).get(url))

    every = {row.title for row in (draft, free, asked, mine, others, late)}
    # What is taken can be waited for as long as it can be claimed.
    open_ones = {free.title, mine.title, others.title}
    assert seen["office"] == every
    assert seen["firm"] == every - {late.title}
    assert seen["college"] == seen["coordinator"] == open_ones | {asked.title}
    assert seen["second"] == open_ones
    assert seen["other"] == open_ones | {late.title}
    assert seen["stranger"] == set()
    assert set(map(frozenset, visitors.values())) == {frozenset({free.title})}
    assert leader == every - {draft.title}


def test_project_list_tells_who_does_it_only_to_those_who_may_know(scene, clients):
    scene.working(scene.other, sponsor=make.member(scene.chain))
    url, name = reverse("project_list"), scene.other.organisation.name

    told = {who: name in clients[who].get(url).content.decode() for who in ("office", "other", "second")}
    found = {who: len(titles(clients[who].get(url, {"q": name}))) for who in ("office", "other", "second")}

    assert told == {"office": True, "other": True, "second": False}
    assert found == {"office": 1, "other": 1, "second": 0}


def test_project_list_filters_by_tab_kind_and_lateness(scene, clients):
    kind = scene.chain.project_kinds.first()
    open_one, done = scene.open(kind=kind), scene.accepted()
    late = scene.working()
    scene.milestone(late, -3)
    url, client = reverse("project_list"), clients["college"]

    def asked(**query):
        return titles(client.get(url, query))

    assert asked(tab="open") == {open_one.title}
    assert asked(tab="mine") == {done.title, late.title}
    assert asked(tab="done") == {done.title}
    assert asked(due="late") == {late.title}
    assert asked(kind=str(kind.pk)) == {open_one.title}
    assert asked(tab="nothing") == set()


def test_project_list_exports_what_is_shown(scene, clients):
    project = scene.working()

    answer = clients["office"].get(reverse("project_list"), {"export": "xlsx"})

    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert table[0][0] == "项目名称"
    assert table[1][0] == project.title
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.ENTERPRISE_CONTACT, Role.AUDITOR])
def test_project_list_same_number_of_queries(scene, login, django_assert_num_queries, rows, role):
    for n in range(rows):
        scene.working([scene.college, scene.second, scene.other][n], kind=scene.chain.project_kinds.all()[n])
    held = scene.firm.position if role == Role.ENTERPRISE_CONTACT else make.position(role, scene.chain)
    client = login(held)
    client.get(reverse("project_list"))

    with django_assert_num_queries(QUERIES_OF_LIST[role]):
        client.get(reverse("project_list"), {"q": "号"})


QUERIES_OF_LIST = {Role.OFFICE_STAFF: 14, Role.ENTERPRISE_CONTACT: 15, Role.AUDITOR: 15}


def filled(scene, project, count):
    for n in range(count):
        milestone = scene.milestone(project, -n - 5)
        outcome = scene.outcome(project, amount=str(n + 1))
        scene.evidence(project, milestone=milestone, code=f"1-{n}")
        scene.evidence(project, outcome=outcome)
        scene.note(project)
    for who in [scene.other, scene.second][: count - 1]:
        scene.claimed(project, who)


@pytest.mark.parametrize("who", ["office", "firm", "college"])
def test_project_detail_same_number_of_queries_with_one_and_three_of_everything(
    scene, clients, django_assert_num_queries, who
):
    rows = [scene.working() for _ in range(2)]
    for count, row in zip((1, 3), rows, strict=True):
        filled(scene, row, count)
    detail(clients[who], rows[0])

    for row in rows:
        with django_assert_num_queries(QUERIES_OF_DETAIL[who]):
            detail(clients[who], row)


QUERIES_OF_DETAIL = {"office": 17, "firm": 15, "college": 16}


def test_project_detail_anonymous_other_and_own(scene, clients, client):
    project = scene.working()
    Project.objects.filter(pk=project.pk).update(claim_by=make.yesterday())

    assert detail(client, project).status_code == 302
    codes = {name: detail(one, project).status_code for name, one in clients.items()}
    assert codes == {
        "firm": 200, "college": 200, "coordinator": 200, "office": 200,
        "second": 404, "other": 404, "stranger": 404,
    }  # fmt: skip


def test_project_detail_offers_what_may_be_done_now(scene, clients):
    project = scene.open()
    assert "认领项目" in detail(clients["college"], project).content.decode()
    assert "认领项目" not in detail(clients["firm"], project).content.decode()
    scene.claimed(project, scene.college)
    assert "交付验收" in detail(clients["college"], project).content.decode()
    assert "交付验收" not in detail(clients["firm"], project).content.decode()
    page = detail(clients["other"], project).content.decode()
    assert "候补认领" in page
    assert scene.college.unit.name not in page


def test_project_add_by_the_sponsor_says_for_itself(scene, clients):
    facts = {
        "chain": scene.chain.pk, "title": "改造老楼", "sponsor": scene.firm.organisation.pk, "dimensions": ["industry"],
    }  # fmt: skip

    answer = post(clients["firm"], "project_add", **facts)
    wrong = post(clients["other"], "project_add", **facts)

    row = Project.objects.get()
    assert (answer.url, row.sponsor, row.state) == (reverse("project_detail", args=[row.pk]), scene.firm.organisation, "draft")
    assert (wrong.status_code, "sponsor" in wrong.context["form"].errors) == (200, True)


def test_project_add_asks_a_college_of_the_school_it_names(scene, clients):
    facts = {"chain": scene.chain.pk, "title": "样板", "sponsor": scene.firm.organisation.pk}
    wrong = post(
        clients["office"], "project_add", **facts, asked=scene.other.organisation.pk, asked_unit=scene.college.unit.pk
    )
    post(clients["office"], "project_add", **facts, asked_unit=scene.college.unit.pk)

    assert "asked_unit" in wrong.context["form"].errors
    row = Project.objects.get()
    assert (row.asked, row.asked_unit) == (scene.school, scene.college.unit)


def test_project_add_offers_matches_that_have_no_project_yet(scene, clients):
    match = match_of(scene)
    url = reverse("project_add")
    assert list(clients["firm"].get(url).context["matches"]) == [match]
    assert clients["other"].get(url).context["matches"] == []

    answer = post(clients["firm"], "project_from_match", match.pk)

    assert Project.objects.get().match == match
    assert answer.url == reverse("project_detail", args=[Project.objects.get().pk])
    assert clients["firm"].get(url).context["matches"] == []
    assert post(clients["other"], "project_from_match", match.pk).status_code == 404


def test_project_from_agreement_lists_its_clauses_and_begins_one(scene, clients):
    agreed.party_organisation(scene.chain)
    pair = agreed.pairing(scene.chain, scene.school, scene.college.unit, scene.firm.organisation)
    agreed.match(pair)
    make.branch(scene.firm.organisation)
    agreement = agreed.signed(pair)
    url = reverse("project_from_agreement", args=[agreement.pk])

    clauses = clients["office"].get(url).context["clauses"]
    clients["office"].post(url, {"clause": clauses[0]["key"]})

    assert clauses[0]["what"] == Project.objects.get().title
    assert clients["other"].get(url).status_code == 404
    page = clients["office"].get(reverse("agreement_detail", args=[agreement.pk])).content.decode()
    assert (Project.objects.get().title in page, "从条款立项" in page) == (True, True)


def test_project_edit_is_undone_by_one_press(scene, clients):
    project = scene.draft(ends_on=make.today(), asked=scene.school)
    facts = {"title": "新名称", "seen": project.version, "kind": scene.chain.project_kinds.first().pk}

    answer = post(clients["firm"], "project_edit", project.pk, **facts)
    changed = fresh(project)
    undone(clients["firm"], answer)

    assert (changed.title, changed.asked, changed.ends_on) == ("新名称", None, None)
    back = fresh(project)
    assert (back.title, back.asked, back.ends_on, back.kind) == (project.title, scene.school, make.today(), None)
    assert post(clients["other"], "project_edit", project.pk, **facts).status_code == 404


def test_project_edit_of_what_somebody_changed_meanwhile_says_so(scene, clients):
    project = scene.draft()
    post(clients["office"], "project_edit", project.pk, title="办公室改的", seen=project.version)

    answer = post(clients["firm"], "project_edit", project.pk, title="企业改的", seen=project.version)

    assert (answer.status_code, fresh(project).title) == (200, "办公室改的")


def test_project_move_publishes_and_is_taken_back(scene, clients):
    project = scene.draft()
    assert post(clients["other"], "project_move", project.pk, "publish_project").status_code == 404
    assert post(clients["office"], "project_move", project.pk, "nothing").status_code == 404

    answer = post(clients["office"], "project_move", project.pk, "publish_project")
    assert fresh(project).state == "open"
    undone(clients["office"], answer)

    assert fresh(project).state == "draft"


def test_project_claim_by_a_college_needs_one_press(scene, clients):
    project = scene.open()
    url = reverse("project_claim", args=[project.pk])
    form = clients["college"].get(url).context["form"]

    answer = clients["college"].post(url, {"place": form["place"].value(), "plan": "两位老师"}, follow=True)

    assert "已认领" in answer.content.decode()
    assert fresh(project).holder_unit == scene.college.unit
    waits = clients["other"].get(url).context["form"]
    answer = clients["other"].post(url, {"place": waits["place"].value()}, follow=True)
    assert "候补" in answer.content.decode()


def test_project_claim_by_the_coordinator_chooses_a_college(scene, clients):
    project = scene.open()
    url = reverse("project_claim", args=[project.pk])
    keys = [key for key, _label in clients["coordinator"].get(url).context["form"].fields["place"].choices]

    clients["coordinator"].post(url, {"place": f"{scene.school.pk}-{scene.second.unit.pk}"})

    assert len(keys) == 4  # nothing chosen, the school, two colleges
    assert fresh(project).holder_unit == scene.second.unit


def test_project_claim_without_room_says_so_at_the_place(scene, clients):
    settle_claim_limit(scene.chain, scene.school, scene.college.unit, by=scene.office, most=0)
    project = scene.open()
    answer = post(
        clients["college"], "project_claim", project.pk, place=f"{scene.school.pk}-{scene.college.unit.pk}"
    )

    assert "已到上限" in str(answer.context["form"].errors["place"])
    assert not Claim.objects.exists()


def test_claim_give_up_hands_over_and_leaving_the_queue_is_undone(scene, clients):
    project = scene.working()
    held, waits = Claim.objects.get(), scene.claimed(project, scene.other)

    answer = post(clients["other"], "claim_give_up", waits.pk)
    assert fresh(waits).state == "withdrawn"
    undone(clients["other"], answer)
    assert fresh(waits).state == "waiting"
    assert post(clients["second"], "claim_give_up", held.pk).status_code == 404
    empty = post(clients["college"], "claim_give_up", held.pk)
    assert "reason" in empty.context["form"].errors
    post(clients["college"], "claim_give_up", held.pk, reason="人手不够")

    assert fresh(project).holder == scene.other.organisation


def test_project_decline_keeps_its_reason_for_the_office(scene, clients):
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)

    answer = post(clients["college"], "project_decline", project.pk, reason="今年排满", follow=True)

    assert answer.status_code == 200
    assert "今年排满" in detail(clients["office"], project).content.decode()
    assert "今年排满" not in detail(clients["firm"], project).content.decode()
    assert detail(clients["college"], project).status_code == 404


def test_project_send_back_and_project_stop_tell_why(scene, clients):
    project = scene.delivered()
    assert post(clients["college"], "project_send_back", project.pk, reason="不行").status_code == 404
    post(clients["firm"], "project_send_back", project.pk, reason="缺报告")
    assert (fresh(project).state, fresh(project).sent_back_reason) == ("working", "缺报告")
    assert "缺报告" in detail(clients["college"], project).content.decode()

    answer = post(clients["firm"], "project_stop", project.pk, reason="资金没到")
    assert fresh(project).state == "stopped"
    undone(clients["firm"], answer)

    assert fresh(project).state == "working"


def test_project_follow_begins_another(scene, clients):
    project = scene.accepted()

    answer = post(clients["college"], "project_follow", project.pk)

    row = Project.objects.get(follows=project)
    assert answer.url == reverse("project_detail", args=[row.pk])
    assert project.title in detail(clients["firm"], row).content.decode()


def test_milestone_add_edit_finish_reopen_and_drop(scene, clients):
    project, client = scene.working(), clients["college"]
    day = (make.today() + timedelta(days=9)).isoformat()
    post(client, "milestone_add", project.pk, title="交方案", due_on=day)
    row = Milestone.objects.get()
    assert (row.title, row.owner) == ("交方案", None)
    more = post(client, "milestone_add", project.pk, title="备场地", due_on=day, owner=scene.firm.organisation.pk, more="1")
    assert more.url == reverse("milestone_add", args=[project.pk])

    answer = post(client, "milestone_edit", row.pk, title="交初稿", due_on=day, seen=row.version)
    assert fresh(row).title == "交初稿"
    undone(client, answer)
    assert fresh(row).title == "交方案"

    answer = post(client, "milestone_finish", row.pk, done_on=make.today().isoformat())
    assert fresh(row).state == "done"
    undone(client, answer)
    assert fresh(row).state == "open"
    post(client, "milestone_finish", row.pk, done_on=make.today().isoformat())
    answer = post(client, "milestone_reopen", row.pk)
    undone(client, answer)
    assert (fresh(row).state, fresh(row).done_on) == ("done", make.today())

    answer = post(client, "milestone_drop", row.pk)
    assert fresh(row).state == "dropped"
    assert row.title not in str(detail(clients["firm"], project).context["milestones"])
    undone(client, answer)
    assert fresh(row).state == "done"
    names = ("milestone_edit", "milestone_finish", "milestone_reopen", "milestone_drop")
    assert [post(clients["second"], name, row.pk).status_code for name in names] == [404] * 4


def test_milestone_line_tells_what_is_late_in_working_days(scene, clients):
    project = scene.working()
    scene.milestone(project, -14, title="迟了的")
    scene.milestone(project, 14, title="以后的")

    line = detail(clients["firm"], project).context["line"]

    assert [(item["label"], item["state"]) for item in line] == [("迟了的", "stuck"), ("以后的", "todo")]
    assert "个工作日" in line[0]["note"]


def test_note_add_and_note_remove_are_for_those_who_take_part(scene, clients):
    project, client = scene.working(), clients["college"]
    post(client, "note_add", project.pk, worked_on=make.today().isoformat(), text="看了现场")
    note = WorkNote.objects.get()
    assert "看了现场" in detail(clients["firm"], project).content.decode()
    assert post(clients["firm"], "note_remove", note.pk).status_code == 404
    assert post(clients["other"], "note_add", project.pk, worked_on=make.today(), text="混入").status_code == 404

    answer = post(client, "note_remove", note.pk)
    assert "看了现场" not in detail(clients["firm"], project).content.decode()
    undone(client, answer)

    assert "看了现场" in detail(clients["firm"], project).content.decode()


def upload(client, project, **body):
    file = SimpleUploadedFile("方案.pdf", PDF + b"x")
    return client.post(reverse("evidence_add", args=[project.pk]), {"file": file} | body)


def test_evidence_add_open_edit_remove_and_pack(scene, clients):
    project, client = scene.working(), clients["college"]
    milestone = scene.milestone(project)
    url = reverse("evidence_add", args=[project.pk])
    page = client.get(url, {"milestone": milestone.pk}).context["form"]
    assert (page["milestone"].value(), page["code"].value()) == (milestone.pk, "")

    answer = upload(client, project, code="1-1-22-1", title="方案1套", milestone=milestone.pk)
    row = Evidence.objects.get()
    assert (row.name, row.milestone) == ("方案1套.pdf", milestone)
    undone(client, answer)
    assert fresh(row).removed_at
    upload(client, project, code="1-1-22-1", title="方案1套")
    row = Evidence.objects.get(removed_at=None)
    assert client.get(url).context["form"]["code"].value() == "1-1-22-2"

    file = clients["firm"].get(reverse("evidence_open", args=[row.pk]))
    assert (b"".join(file.streaming_content), file.headers["Content-Disposition"][:10]) == (PDF + b"x", "attachment")
    answer = post(client, "evidence_edit", row.pk, code="2-1", title="总结")
    assert (fresh(row).code, fresh(row).name) == ("2-1", "总结.pdf")
    undone(client, answer)
    assert (fresh(row).code, fresh(row).name) == ("1-1-22-1", "方案1套.pdf")

    packed = clients["office"].get(reverse("evidence_pack", args=[project.pk]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))).namelist()
    assert names == ["佐证材料目录.xlsx", "1-1-22-1 方案1套.pdf"]
    answer = post(client, "evidence_remove", row.pk)
    assert clients["office"].get(reverse("evidence_pack", args=[project.pk])).status_code == 404
    undone(client, answer)
    assert fresh(row).removed_at is None


def test_evidence_is_not_there_for_others(scene, clients, login):
    project = scene.working()
    row = scene.evidence(project)
    leader = login(make.position(Role.LEADER, scene.chain))
    for one in (clients["second"], clients["other"], clients["stranger"]):
        codes = [one.get(reverse(name, args=[row.pk])).status_code for name in ("evidence_open", "evidence_edit")]
        codes.append(one.get(reverse("evidence_pack", args=[project.pk])).status_code)
        codes.append(one.get(reverse("evidence_add", args=[project.pk])).status_code)
        codes.append(one.post(reverse("evidence_remove", args=[row.pk])).status_code)
        assert codes == [404] * 5
    assert leader.get(reverse("evidence_open", args=[row.pk])).status_code == 403


def test_evidence_missing_is_the_sheet_of_the_own_college(scene, clients):
    project = scene.working()
    scene.milestone(project, -1, title="缺佐证的节点")
    scene.outcome(project)
    scene.evidence(project, name="没编号.pdf")
    scene.milestone(scene.working(scene.other), -1, title="别人的节点")
    url = reverse("evidence_missing")

    page = clients["college"].get(url)
    rows = [(row["kind"], row["what"]) for row in page.context["missing"]]
    sheet = clients["college"].get(url, {"export": "xlsx"})

    assert rows == [("milestone", "缺佐证的节点"), ("outcome", "培训人数 30 人")]
    assert [row.name for row in page.context["unnumbered"]] == ["没编号.pdf"]
    table = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in table[1:]] == ["缺佐证的节点", "培训人数 30 人"]
    assert clients["firm"].get(url).context["missing"] == []
    assert len(clients["office"].get(url).context["missing"]) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_evidence_missing_same_number_of_queries(scene, clients, django_assert_num_queries, rows):
    for _ in range(rows):
        project = scene.working()
        scene.milestone(project, -1)
        scene.outcome(project)
        scene.evidence(project)
    clients["college"].get(reverse("evidence_missing"))

    with django_assert_num_queries(QUERIES_OF_MISSING):
        clients["college"].get(reverse("evidence_missing"))


QUERIES_OF_MISSING = 10


def test_outcome_add_edit_confirm_dispute_and_withdraw(scene, clients):
    project = scene.working()
    facts = {"kind": scene.kind().pk, "amount": "30", "achieved_on": make.today().isoformat()}
    assert post(clients["second"], "outcome_add", project.pk, **facts).status_code == 404
    half = post(clients["college"], "outcome_add", project.pk, **facts | {"amount": "30.5"})
    assert "amount" in half.context["form"].errors
    post(clients["college"], "outcome_add", project.pk, **facts)
    row = Outcome.objects.get()

    assert post(clients["college"], "outcome_confirm", row.pk).status_code == 404
    assert post(clients["office"], "outcome_confirm", row.pk).status_code == 404
    post(clients["firm"], "outcome_dispute", row.pk, reason="只有二十八人")
    assert fresh(row).state == "disputed"
    assert "只有二十八人" in detail(clients["college"], project).content.decode()
    post(clients["college"], "outcome_edit", row.pk, **facts | {"amount": "28", "seen": fresh(row).version})
    answer = post(clients["college"], "outcome_withdraw", row.pk)
    assert fresh(row).state == "withdrawn"
    undone(clients["college"], answer)
    post(clients["firm"], "outcome_confirm", row.pk)

    assert (fresh(row).state, fresh(row).amount) == ("confirmed", 28)


def test_outcome_list_is_for_those_who_follow(scene, clients, login):
    row = scene.outcome(scene.working())
    confirm_outcome(row, by=scene.firm.actor, now=timezone.now())
    url = reverse("outcome_list")

    def seen(client, **query):
        return [each.pk for each, _cells in client.get(url, query).context["listing"].table]

    assert seen(clients["firm"]) == seen(clients["college"]) == seen(clients["office"], state="confirmed") == [row.pk]
    assert seen(clients["second"]) == seen(clients["other"]) == seen(clients["office"], state="disputed") == []
    assert seen(login(make.position(Role.LEADER, scene.chain))) == [row.pk]
    assert login(make.position(Role.STUDENT, scene.chain)).get(url).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_outcome_list_same_number_of_queries(scene, clients, django_assert_num_queries, rows):
    for _ in range(rows):
        scene.outcome(scene.working())
    clients["office"].get(reverse("outcome_list"))

    with django_assert_num_queries(QUERIES_OF_OUTCOMES):
        clients["office"].get(reverse("outcome_list"))


QUERIES_OF_OUTCOMES = 10


def test_projects_stand_on_the_pages_below_them(scene, clients):
    match = match_of(scene)
    page = reverse("match_detail", args=[match.pk])
    assert reverse("project_from_match", args=[match.pk]) in clients["firm"].get(page).content.decode()
    post(clients["firm"], "project_from_match", match.pk)
    project = publish_project(Project.objects.get(), by=scene.office, now=timezone.now())
    scene.claimed(project, scene.college)
    link = reverse("project_detail", args=[project.pk])
    pages = [
        page,
        reverse("entry_detail", args=[match.need_id]),
        reverse("organisation_detail", args=[scene.firm.organisation.pk]),
    ]

    assert [link in clients["firm"].get(url).content.decode() for url in pages] == [True] * 3
    assert link not in clients["other"].get(pages[2]).content.decode()


def test_home_tells_what_waits_in_projects(scene, clients):
    asked = scene.open(asked=scene.school, asked_unit=scene.college.unit)
    project = scene.working()
    scene.milestone(project, 2)
    scene.outcome(project)
    scene.delivered()
    late = scene.open()
    Project.objects.filter(pk=late.pk).update(claim_by=make.yesterday())
    scene.open()
    scene.draft()

    def codes(name):
        return {todo.code for todo in clients[name].get(reverse("home")).context["todos"]}

    assert codes("office") >= {"project_drafts", "project_unclaimed"}
    assert codes("college") >= {"project_asked", "milestone_due", "evidence_missing", "projects_open"}
    assert codes("firm") >= {"project_to_accept", "outcome_to_confirm"}
    assert not codes("stranger") & {"project_asked", "milestone_due", "evidence_missing", "projects_open"}
    page = clients["college"].get(reverse("home")).content.decode()
    assert f"请贵单位承接项目“{asked.title}”" in page
