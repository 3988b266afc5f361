"""Milestones, the log, evidence and outcomes, in their pages."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.core.actor import Role
from lianqiao.projects.actions.moves import publish_project
from lianqiao.projects.actions.outcomes import confirm_outcome
from lianqiao.projects.models import Evidence, Milestone, Outcome, Project, WorkNote
from tests import factories as make
from tests.projects.pressing import detail, post, undone
from tests.projects.rows import PDF, fresh
from tests.projects.test_moves import match_of

pytestmark = pytest.mark.django_db


def test_milestone_add_edit_finish_reopen_and_drop(scene, clients):
    project, client = scene.working(), clients["college"]
    day = (make.today() + timedelta(days=9)).isoformat()
    post(client, "milestone_add", project.pk, title="交方案", due_on=day)
    row = Milestone.objects.get()
    assert (row.title, row.owner) == ("交方案", None)
    more = post(
        client,
        "milestone_add",
        project.pk,
        title="备场地",
        due_on=day,
        owner=scene.firm.organisation.pk,
        more="1",
    )
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


def test_unfinished_milestones_are_told_before_delivery_and_before_acceptance(scene, clients):
    project = scene.working()
    scene.milestone(project, 14)
    before = [detail(clients[who], project).text for who in ("college", "firm")]

    clients["college"].post(reverse("project_move", args=[project.pk, "deliver"]))
    after = [detail(clients[who], project).text for who in ("college", "firm")]

    assert ["还有 1 个节点未完成" in page for page in before] == [True, False]
    assert ["请看过再验收" in page for page in after] == [False, True]


def test_note_add_and_note_remove_are_for_those_who_take_part(scene, clients):
    project, client = scene.working(), clients["college"]
    post(client, "note_add", project.pk, worked_on=make.today().isoformat(), text="看了现场")
    note = WorkNote.objects.get()
    assert "看了现场" in detail(clients["firm"], project).content.decode()
    assert post(clients["firm"], "note_remove", note.pk).status_code == 404
    assert (
        post(clients["other"], "note_add", project.pk, worked_on=make.today(), text="混入").status_code == 404
    )

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
    assert (b"".join(file.streaming_content), file.headers["Content-Disposition"][:10]) == (
        PDF + b"x",
        "attachment",
    )
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
        codes = [
            one.get(reverse(name, args=[row.pk])).status_code for name in ("evidence_open", "evidence_edit")
        ]
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

    assert (
        seen(clients["firm"])
        == seen(clients["college"])
        == seen(clients["office"], state="confirmed")
        == [row.pk]
    )
    assert (
        seen(clients["second"]) == seen(clients["other"]) == seen(clients["office"], state="disputed") == []
    )
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
