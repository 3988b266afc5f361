"""Milestones, the log and evidence through the API."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqiao.projects.models import Evidence, Milestone, WorkNote
from tests import factories as make
from tests.projects.rows import PDF, fresh

pytestmark = pytest.mark.django_db
DAY = (make.today() + timedelta(days=9)).isoformat()


def test_milestone_add_edit_finish_reopen_and_drop(scene, programs):
    project, college = scene.working(), programs["college"]
    made = college.post(f"/projects/{project.pk}/milestones", {"title": "交方案", "due_on": DAY})
    assert (made.status_code, made.json()["state"], made.json()["owner"]) == (201, "open", None)
    path = f"/milestones/{made.json()['id']}"

    edited = college.patch(path, {"title": "交初稿", "seen": made.json()["version"]}).json()
    assert (edited["title"], edited["due_on"]) == ("交初稿", DAY)
    assert college.patch(path, {"title": "旧的", "seen": made.json()["version"]}).status_code == 409
    assert college.post(f"{path}/finish", {"done_on": DAY}).status_code == 422
    assert college.post(f"{path}/finish", {"done_on": make.today().isoformat()}).json()["state"] == "done"
    assert college.post(f"{path}/reopen").json()["done_on"] is None
    assert college.post(f"{path}/drop").json()["state"] == "dropped"
    assert [programs[who].post(f"{path}/drop").status_code for who in ("other", "stranger")] == [404, 404]


def test_milestone_that_is_late_says_by_how_much(scene, programs):
    project = scene.working()
    row = scene.milestone(project, -14)

    answer = programs["college"].patch(f"/milestones/{row.pk}", {"title": "迟了的"})

    assert answer.json()["late"] > 0
    assert programs["firm"].get(f"/projects/{project.pk}").json()["milestones"][0]["title"] == "迟了的"
    assert Milestone.objects.get().title == "迟了的"


def test_note_add_list_and_remove_are_for_those_who_take_part(scene, programs):
    path = f"/projects/{scene.working().pk}/notes"
    body = {"worked_on": make.today().isoformat(), "text": "看了现场"}
    made = programs["college"].post(path, body)

    assert made.status_code == 201
    assert [row["text"] for row in programs["firm"].get(path).json()["items"]] == ["看了现场"]
    assert [programs[who].get(path).json().get("items", []) for who in ("other", "stranger")] == [[], []]
    assert programs["other"].post(path, body).status_code in (403, 404)
    assert programs["firm"].post(f"/work-notes/{made.json()['id']}/remove").status_code == 403
    programs["college"].post(f"/work-notes/{made.json()['id']}/remove")
    assert programs["firm"].get(path).json()["items"] == []
    assert WorkNote.objects.count() == 1


def test_evidence_add_list_and_remove(scene, programs):
    project = scene.working()
    path, milestone = f"/projects/{project.pk}/evidence", scene.milestone(project)
    file = SimpleUploadedFile("方案.pdf", PDF + b"1", content_type="application/pdf")
    made = programs["college"].upload(path, file=file, code="1-1-22-1", milestone=milestone.pk)

    assert made.status_code == 201, made.json()
    assert (made.status_code, made.json()["code"], made.json()["milestone"]) == (
        201,
        "1-1-22-1",
        milestone.pk,
    )
    assert fresh(Evidence.objects.get()).sha256 == made.json()["sha256"]
    assert [row["name"] for row in programs["firm"].get(path).json()["items"]] == ["方案.pdf"]
    wrong = SimpleUploadedFile("方案.pdf", b"MZ\x90", content_type="application/pdf")
    assert programs["college"].upload(path, file=wrong).status_code in (409, 422)
    assert programs["stranger"].upload(path, file=file).status_code == 404

    removed = programs["college"].post(f"/evidence/{made.json()['id']}/remove")

    assert removed.status_code == 200
    assert programs["firm"].get(path).json()["items"] == []
