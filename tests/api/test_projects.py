"""Projects through the API: the same as on the pages, for programs."""

import pytest

from lianqiao.projects.models import Claim, Project
from tests import factories as make
from tests.agreements import rows as agreed
from tests.projects.rows import fresh
from tests.projects.test_moves import match_of

pytestmark = pytest.mark.django_db


def claiming(place):
    return {"organisation": place.organisation.pk, "unit": place.unit.pk if place.unit else None}


def test_project_goes_from_draft_to_acceptance(scene, programs):
    office, firm, college = (programs[name] for name in ("office", "firm", "college"))
    facts = {"chain": scene.chain.pk, "title": "改造老楼", "sponsor": scene.firm.organisation.pk}
    made = firm.post("/projects", facts | {"dimensions": ["industry"]})
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    path = f"/projects/{made.json()['id']}"
    assert firm.post(f"{path}/publish").status_code == 403
    assert office.post(f"{path}/publish").json()["state"] == "open"

    assert college.post(f"{path}/claim", claiming(scene.college)).json()["state"] == "held"
    assert programs["other"].post(f"{path}/claim", claiming(scene.other)).json()["state"] == "waiting"
    assert college.post(f"{path}/deliver").json()["state"] == "delivered"
    assert college.post(f"{path}/accept").status_code == 403
    assert firm.post(f"{path}/send-back", {"reason": "缺报告"}).json()["state"] == "working"
    college.post(f"{path}/deliver")

    answer = firm.post(f"{path}/accept")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert firm.get(path).json()["holder_unit"]["id"] == scene.college.unit.pk
    follow = college.post(f"{path}/follow-up")
    assert (follow.status_code, follow.json()["follows"]) == (201, made.json()["id"])


def test_project_claim_sent_twice_with_one_key_counts_once(scene, programs):
    project = scene.open()
    body, path = claiming(scene.college), f"/projects/{project.pk}/claim"

    first, again = (programs["college"].post(path, body, **{"Idempotency-Key": "k1"}) for _ in range(2))

    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert Claim.objects.count() == 1


def test_project_claim_for_another_place_or_without_room_is_refused(scene, programs):
    project = scene.open()
    path = f"/projects/{project.pk}/claim"

    assert programs["college"].post(path, claiming(scene.other)).status_code == 403
    assert programs["stranger"].post(path, claiming(scene.stranger)).status_code == 404
    Project.objects.filter(pk=project.pk).update(claim_by=make.yesterday())
    late = programs["college"].post(path, claiming(scene.college))
    assert (late.status_code, late.json()["code"]) == (409, "claiming_over")
    assert not Claim.objects.exists()


def test_claim_give_up_through_the_api_hands_over(scene, programs):
    project = scene.working()
    scene.claimed(project, scene.other)
    held = Claim.objects.get(state="held")

    assert programs["other"].post(f"/claims/{held.pk}/give-up", {"reason": "替他放弃"}).status_code == 404
    answer = programs["college"].post(f"/claims/{held.pk}/give-up", {"reason": "人手不够"})

    assert answer.json()["state"] == "handed_over"
    assert fresh(project).holder == scene.other.organisation


def test_project_list_and_detail_hide_who_does_what_is_not_ones_own(scene, programs):
    scene.working(sponsor=make.member(scene.chain))
    seen = {name: program.get("/projects").json()["items"] for name, program in programs.items()}

    assert seen["stranger"] == []
    assert seen["other"][0]["holder"] is None
    assert seen["office"][0]["holder"]["id"] == scene.school.pk
    whole = programs["other"].get(f"/projects/{seen['other'][0]['id']}").json()
    assert (whole["holder"], whole["claims"], whole["milestones"]) == (None, [], [])
    assert programs["stranger"].get(f"/projects/{whole['id']}").status_code == 404


def test_project_from_match_and_project_decline(scene, programs):
    match = match_of(scene)
    assert programs["other"].post(f"/matches/{match.pk}/project").status_code == 404

    made = programs["firm"].post(f"/matches/{match.pk}/project").json()
    assert (made["title"], made["asked_unit"]["id"]) == (match.need.title, scene.college.unit.pk)
    assert [part["code"] for part in made["lineage"]] == ["need", "match", "project"]
    programs["firm"].post(f"/projects/{made['id']}/publish")
    answer = programs["college"].post(f"/projects/{made['id']}/decline", {"reason": "今年排满"})

    assert answer.json() == {"id": made["id"]}
    assert programs["college"].get(f"/projects/{made['id']}").status_code == 404
    assert fresh(Project.objects.get()).state == "draft"


def test_project_edit_of_an_older_version_is_refused(scene, programs):
    project = scene.draft()
    path = f"/projects/{project.pk}"
    assert programs["office"].patch(path, {"title": "新名称", "seen": 0}).json()["title"] == "新名称"

    answer = programs["office"].patch(path, {"title": "旧名称", "seen": 0})

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_project_stop_resume_unpublish_and_open_to_all(scene, programs):
    office = programs["office"]
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)
    path = f"/projects/{project.pk}"

    assert office.post(f"{path}/open-to-all").json()["asked"] is None
    assert office.post(f"{path}/stop", {"reason": "不做了"}).json()["state"] == "stopped"
    assert office.post(f"{path}/resume").json()["state"] == "open"
    assert office.post(f"{path}/unpublish").json()["state"] == "draft"


def test_outcome_through_the_api_counts_once_both_sides_said_so(scene, programs):
    project = scene.working()
    kinds = programs["college"].get("/outcome-kinds").json()["items"]
    kind = next(row for row in kinds if row["name"] == "到账经费")
    body = {"kind": kind["id"], "amount": "12000.50", "achieved_on": make.today().isoformat()}

    wrong = programs["college"].post(f"/projects/{project.pk}/outcomes", body | {"amount": "-1"})
    made = programs["college"].post(f"/projects/{project.pk}/outcomes", body).json()
    assert (wrong.status_code, made["amount"], made["unit"]) == (422, "12000.50", "元")
    path = f"/outcomes/{made['id']}"
    assert programs["college"].post(f"{path}/confirm").status_code == 403
    assert programs["other"].post(f"{path}/confirm").status_code == 404
    assert programs["firm"].post(f"{path}/dispute", {"reason": "少五十"}).json()["state"] == "disputed"
    changed = programs["college"].patch(path, {"amount": "12050"}).json()
    assert (changed["amount"], changed["achieved_on"], changed["state"]) == (
        "12050.00",
        body["achieved_on"],
        "reported",
    )

    assert programs["firm"].post(f"{path}/confirm").json()["state"] == "confirmed"
    assert [row["id"] for row in programs["office"].get("/outcomes", state="confirmed").json()["items"]] == [
        made["id"]
    ]
    again = programs["college"].post(f"{path}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "state_moved")


def test_project_from_agreement_of_somebody_else_is_not_there(scene, programs):
    agreed.party_organisation(scene.chain)
    pair = agreed.pairing(scene.chain, scene.school, scene.college.unit, scene.firm.organisation)
    agreed.match(pair)
    make.branch(scene.firm.organisation)
    agreement = agreed.signed(pair)
    clause = next(row for row in agreement.versions.first().clauses if row.get("obligation"))
    path, body = f"/agreements/{agreement.pk}/project", {"clause": clause["key"]}

    assert programs["other"].post(path, body).status_code == 404
    made = programs["office"].post(path, body)
    assert (made.status_code, made.json()["title"]) == (201, clause["obligation"]["what"])


def test_project_take_back_delivery_is_for_the_holder(scene, programs):
    project = scene.delivered()
    path = f"/projects/{project.pk}/take-back-delivery"

    assert programs["firm"].post(path).status_code == 403
    assert programs["college"].post(path).json()["state"] == "working"
