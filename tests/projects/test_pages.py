"""How a project begins and moves on, in its pages."""

import pytest
from django.urls import reverse

from lianqiao.projects.actions.kinds import settle_claim_limit
from lianqiao.projects.models import Claim, Project
from tests import factories as make
from tests.agreements import rows as agreed
from tests.projects.pressing import detail, post, undone
from tests.projects.rows import fresh
from tests.projects.test_moves import match_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]


def test_project_add_by_the_sponsor_says_for_itself(scene, clients):
    facts = {
        "chain": scene.chain.pk, "title": "改造老楼", "sponsor": scene.firm.organisation.pk, "dimensions": ["industry"],
    }  # fmt: skip

    answer = post(clients["firm"], "project_add", **facts)
    wrong = post(clients["other"], "project_add", **facts)

    row = Project.objects.get()
    assert (answer.url, row.sponsor, row.state) == (
        reverse("project_detail", args=[row.pk]),
        scene.firm.organisation,
        "draft",
    )
    assert (wrong.status_code, "sponsor" in wrong.context["form"].errors) == (200, True)


def test_project_add_asks_a_college_of_the_school_it_names(scene, clients):
    facts = {"chain": scene.chain.pk, "title": "样板", "sponsor": scene.firm.organisation.pk}
    wrong = post(
        clients["office"],
        "project_add",
        **facts,
        asked=scene.other.organisation.pk,
        asked_unit=scene.college.unit.pk,
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
    assert (back.title, back.asked, back.ends_on, back.kind) == (
        project.title,
        scene.school,
        make.today(),
        None,
    )
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
