"""Milestones, the log, evidence, and what the clock does."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.actions.around import TooManyFiles
from lianqiao.lists.files import OtherContent, WrongFile
from lianqiao.notices.models import Notice
from lianqiao.projects.actions import evidence as files
from lianqiao.projects.actions.clock import forget_removed, remind_due
from lianqiao.projects.actions.evidence import (
    PackFull,
    edit_evidence,
    remove_evidence,
    restore_evidence,
)
from lianqiao.projects.actions.work import (
    add_milestone,
    drop_milestone,
    edit_milestone,
    finish_milestone,
    reopen_milestone,
    restore_milestone,
)
from lianqiao.projects.models import Evidence, Milestone
from lianqiao.projects.numbering import next_code
from lianqiao.projects.overdue import workdays_late
from lianqiao.projects.packing import pack
from lianqiao.projects.queries import evidence_for, without_evidence
from tests import factories as make
from tests.projects.rows import SYSTEM, fresh

pytestmark = pytest.mark.django_db


def finish(milestone, who, on=None):
    return finish_milestone(milestone, by=who.actor, now=timezone.now(), done_on=on or make.today())


def test_milestone_is_finished_by_whoever_holds_the_project(scene):
    row = scene.milestone(scene.working())

    for who in (scene.firm, scene.second, scene.other):
        with pytest.raises(NotPermitted):
            finish(row, who)
    done = finish(row, scene.college)
    assert (done.state, done.done_on) == ("done", make.today())
    back = reopen_milestone(done, by=scene.college.actor)
    assert (back.state, back.done_on) == ("open", None)


def test_milestone_of_the_other_side_is_finished_by_it(scene):
    row = scene.milestone(scene.working(), owner=scene.firm.organisation)

    with pytest.raises(NotPermitted):
        finish(row, scene.college)
    assert finish(row, scene.firm).state == "done"


def test_milestone_cannot_be_finished_tomorrow_or_before_anybody_works(scene):
    row = scene.milestone(scene.working())
    with pytest.raises(ValidationError):
        finish(row, scene.college, make.today() + timedelta(days=1))

    early = scene.milestone(scene.open())
    with pytest.raises(StateMoved):
        finish_milestone(early, by=scene.office, now=timezone.now(), done_on=make.today())


def test_add_milestone_by_a_stranger_is_refused(scene):
    project = scene.working()

    for who in (scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            add_milestone(project, by=who.actor, title="混进来", due_on=make.today())


def test_dropped_milestone_comes_back_as_it_was(scene):
    row = finish(scene.milestone(scene.working()), scene.college)

    back = restore_milestone(drop_milestone(row, by=scene.firm.actor), by=scene.firm.actor)

    assert (back.state, back.done_on) == ("done", make.today())


def test_workdays_late_counts_no_weekend_and_one_look_into_the_calendar(scene, django_assert_num_queries):
    project = scene.working()
    # A Friday, and the Wednesday before it.
    friday = date(2026, 11, 20)
    rows = [scene.milestone(project, due_on=day) for day in (friday, friday - timedelta(days=2))]
    rows.append(scene.milestone(project, due_on=friday, state=Milestone.State.DONE, done_on=friday))

    with django_assert_num_queries(1):
        late = workdays_late(rows, friday + timedelta(days=3))

    assert late == {rows[0].pk: 1, rows[1].pk: 3}


def test_remind_due_tells_once_whoever_does_it(scene):
    project = scene.working()
    scene.milestone(project, 3, title="交方案")
    scene.milestone(project, 3, title="备场地", owner=scene.firm.organisation)
    scene.milestone(project, 30, title="还早")

    counts = [remind_due(by=SYSTEM, now=timezone.now()) for _ in range(2)]

    assert counts == [2, 0]
    told = {(n.person_id, n.facts["what"]) for n in Notice.objects.filter(template="milestone_due")}
    assert told == {
        (scene.college.position.person_id, "交方案"),
        (scene.coordinator.person_id, "交方案"),
        (scene.firm.position.person_id, "备场地"),
    }


def test_milestone_with_another_day_is_told_of_anew(scene):
    row = scene.milestone(scene.working(), 3)
    remind_due(by=SYSTEM, now=timezone.now())

    edit_milestone(fresh(row), by=scene.college.actor, due_on=make.today() + timedelta(days=5))

    assert remind_due(by=SYSTEM, now=timezone.now()) == 1


def test_note_work_is_for_those_who_take_part(scene):
    project = scene.working()

    for who in (scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            scene.note(project, by=who)
    row = scene.note(project, "  浇筑第一块样板 ")
    assert (row.text, row.person) == ("浇筑第一块样板", scene.college.position.person)


# Evidence


def test_next_code_goes_on_from_the_last_one(scene):
    project = scene.working()
    assert next_code(project) == ""
    for code in ("1-1-22-9", "1-1-22-10", "2-3-1-1"):
        scene.evidence(project, code=code)

    assert next_code(project) == "2-3-1-2"
    scene.evidence(project, code="1-1-22-2")
    assert next_code(project) == "1-1-22-11"


def test_add_evidence_keeps_the_ending_of_the_file(scene):
    row = scene.evidence(scene.working(), "IMG_001.PDF", title="方案1套", code="1-1-22-1")

    assert (row.name, row.code) == ("方案1套.PDF", "1-1-22-1")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("方案.exe", b"MZ", WrongFile),
        ("方案.pdf", b"<html>", OtherContent),
        ("方案.docx", b"PK", OtherContent),
    ],
)
def test_add_evidence_takes_a_file_by_what_it_is(scene, name, content, refusal):
    with pytest.raises(refusal):
        scene.evidence(scene.working(), name, content=content)
    assert not Evidence.objects.exists()


def test_add_evidence_of_the_same_file_twice_is_refused_until_it_was_removed(scene):
    project = scene.working()
    row = scene.evidence(project, content=b"%PDF-1.7 one")
    with pytest.raises(ValidationError):
        scene.evidence(project, content=b"%PDF-1.7 one")

    remove_evidence(row, by=scene.college.actor, now=timezone.now())
    again = scene.evidence(project, content=b"%PDF-1.7 one")

    with pytest.raises(ValidationError):
        restore_evidence(fresh(row), by=scene.college.actor)
    remove_evidence(again, by=scene.college.actor, now=timezone.now())
    assert restore_evidence(fresh(row), by=scene.college.actor).removed_at is None


def test_add_evidence_has_its_limits(scene, monkeypatch):
    project = scene.working()
    scene.evidence(project)
    monkeypatch.setattr(files, "LARGEST_PACK", 20)
    with pytest.raises(PackFull):
        scene.evidence(project, content=b"%PDF-1.7 much too long for it")
    monkeypatch.setattr(files, "MOST_FILES", 1)
    with pytest.raises(TooManyFiles):
        scene.evidence(project)


def test_add_evidence_by_a_stranger_is_refused(scene):
    project = scene.working()

    for who in (scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            scene.evidence(project, by=who.actor)
    assert not Evidence.objects.exists()


def test_pack_holds_the_files_under_their_numbers_and_an_index(scene):
    project = scene.working()
    milestone = scene.milestone(project, title="方案评审")
    outcome = scene.outcome(project, amount="30")
    rows = [
        scene.evidence(project, title="方案1套", code="1-1-22-1", milestone=milestone, content=b"%PDF-1.7 a"),
        scene.evidence(project, title="照片/1组", code="1-1-22-2", outcome=outcome, content=b"%PDF-1.7 b"),
        scene.evidence(project, title="照片/1组", code="1-1-22-2", content=b"%PDF-1.7 c"),
    ]
    removed = scene.evidence(project, title="作废", content=b"%PDF-1.7 d")
    remove_evidence(removed, by=SYSTEM, now=timezone.now())

    found = list(evidence_for(scene.college.actor).filter(project=project))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pack(found))))

    names = ["1-1-22-1 方案1套.pdf", "1-1-22-2 照片_1组.pdf", "1-1-22-2 照片_1组 (2).pdf"]
    assert (found, archive.namelist()) == (rows, ["佐证材料目录.xlsx", *names])
    assert archive.testzip() is None
    assert [archive.read(name) for name in names] == [b"%PDF-1.7 a", b"%PDF-1.7 b", b"%PDF-1.7 c"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("佐证材料目录.xlsx")))
    table = book.get_sheet_by_index(0).to_python()
    assert table[0][:5] == ["佐证编号", "佐证材料", "文件", "项目节点", "成果"]
    assert table[1][:5] == ["1-1-22-1", "方案1套", names[0], "方案评审", ""]
    assert table[2][4] == "培训人数 30 人"


def test_edit_evidence_keeps_the_file(scene):
    row = scene.evidence(scene.working(), code="1-1")

    changed = edit_evidence(row, by=scene.college.actor, title="总结1套", code="1-1-22-3")

    assert (changed.name, changed.code, changed.sha256) == ("总结1套.pdf", "1-1-22-3", row.sha256)


def test_forget_removed_deletes_what_nobody_gave_back(scene, django_capture_on_commit_callbacks):
    project = scene.working()
    old, new = scene.evidence(project), scene.evidence(project)
    now = timezone.now()
    remove_evidence(old, by=SYSTEM, now=now - timedelta(days=31))
    remove_evidence(new, by=SYSTEM, now=now)
    path = Path(old.file.path)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_removed(by=SYSTEM, now=now) == 1

    assert list(Evidence.objects.all()) == [new]
    assert not path.exists()


def test_without_evidence_is_what_should_be_shown_by_now(scene):
    project, others = scene.working(), scene.working(scene.other)
    done = finish(scene.milestone(project, title="已完成"), scene.college)
    due = scene.milestone(project, -1, title="到期")
    scene.milestone(project, 5, title="还没到")
    shown = scene.milestone(project, -1, title="有佐证")
    scene.evidence(project, milestone=shown)
    outcome = scene.outcome(project)
    scene.milestone(others, -1, title="别人的")

    milestones, outcomes = without_evidence(scene.college.actor, make.today())

    assert (set(milestones), set(outcomes)) == ({done, due}, {outcome})
