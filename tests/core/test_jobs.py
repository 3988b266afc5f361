import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from lianqiao.core import jobs
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry, Job
from lianqiao.core.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kinds():
    """Three kinds of work that only the tests know."""

    @jobs.job("test.count", "count")
    def count(progress, *, by, upto):
        progress.expect(upto)
        for number in range(upto):
            progress.step()
            if number % 2:
                progress.error(f"row {number}", "odd", "odd number")
        return {"by": by.name}

    @jobs.job("test.refuse", "refuse")
    def refuse(progress, *, by):
        raise Refused

    @jobs.job("test.crash", "crash")
    def crash(progress, *, by):
        raise ZeroDivisionError

    yield
    for kind in ("test.count", "test.refuse", "test.crash"):
        del jobs.KINDS[kind]


def test_job_runs_counts_and_keeps_errors_by_row(kinds):
    by = make.actor(Role.OFFICE_STAFF)

    row = Job.objects.get(pk=jobs.start("test.count", by=by, upto=4).pk)

    assert (row.state, row.done, row.total, row.result) == ("done", 4, 4, {"by": by.name})
    assert [(error.place, error.code) for error in row.errors.all()] == [("row 1", "odd"), ("row 3", "odd")]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "core.start_job",
        "core.end_job",
    ]


@pytest.mark.parametrize(("kind", "code"), [("test.refuse", "refused"), ("test.crash", "crashed")])
def test_job_that_fails_says_so(kinds, kind, code, caplog):
    row = Job.objects.get(pk=jobs.start(kind, by=make.actor(Role.OFFICE_STAFF)).pk)

    assert (row.state, row.result["code"]) == ("failed", code)


def test_job_cancelled_before_it_runs_never_starts(kinds):
    by = make.actor(Role.OFFICE_STAFF)
    row = Job.objects.create(kind="test.count", person_id=by.person_id, actor=by.facts(), facts={"upto": 3})

    jobs.cancel(row, by=by)
    jobs.run_queued(row.pk)

    assert (Job.objects.get(pk=row.pk).state, Job.objects.get(pk=row.pk).done) == ("cancelled", 0)


def test_job_cancelled_while_it_runs_stops_at_its_next_step(kinds):
    by = make.actor(Role.OFFICE_STAFF)
    row = Job.objects.create(kind="test.count", person_id=by.person_id, actor=by.facts(), facts={"upto": 3})
    jobs.HUEY.put(f"cancel-{row.pk}", True)

    jobs.run_queued(row.pk)

    assert Job.objects.get(pk=row.pk).state == "cancelled"


def test_job_interrupted_by_a_power_cut_is_run_again(kinds):
    by = make.actor(Role.OFFICE_STAFF)
    row = Job.objects.create(
        kind="test.count", state="running", person_id=by.person_id, actor=by.facts(), facts={"upto": 2}
    )

    assert jobs.resume_interrupted() == 1
    assert Job.objects.get(pk=row.pk).state == "done"


def test_job_detail_is_only_for_who_asked(kinds, login):
    held, other = make.position(Role.OFFICE_STAFF), make.position(Role.OFFICE_STAFF)
    row = jobs.start("test.count", by=make.actor_of(held), upto=1)
    url = reverse("job_detail", args=[row.pk])

    assert (login(held).get(url).status_code, login(other).get(url).status_code) == (200, 404)


def test_job_cancel_of_another_is_as_if_not_there(kinds, login):
    held, other = make.position(Role.OFFICE_STAFF), make.position(Role.OFFICE_STAFF)
    row = jobs.start("test.count", by=make.actor_of(held), upto=1)

    assert login(other).post(reverse("job_cancel", args=[row.pk])).status_code == 404


def test_job_detail_left_open_does_not_keep_the_session_alive(kinds, login, time_machine):
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    held = make.position(Role.OFFICE_STAFF)
    row = Job.objects.create(kind="test.count", state="running", person_id=held.person_id)
    client = login(held)
    page = client.get(reverse("job_detail", args=[row.pk])).content.decode()
    url, said = re.search(r"hx-get=\"(.+?)\" .*hx-headers='(.+?)'", page).groups()
    asked = json.loads(unescape(said)) | {"HX-Request": "true"}

    answers = {}
    for minute in (10, 20, 29, 31):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        answers[minute] = client.get(url, headers=asked).status_code

    # 204 sends the whole window to the login page.
    assert answers == {10: 200, 20: 200, 29: 200, 31: 204}


def test_job_detail_clicked_upon_keeps_the_session_alive(kinds, login, time_machine):
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    held = make.position(Role.OFFICE_STAFF)
    row = Job.objects.create(kind="test.count", state="running", person_id=held.person_id)
    client = login(held)

    answers = []
    for minute in (20, 40, 60):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        answers.append(client.get(reverse("job_detail", args=[row.pk])).status_code)

    assert answers == [200, 200, 200]


@pytest.mark.parametrize("rows", [1, 3])
def test_job_list_same_number_of_queries(kinds, login, django_assert_num_queries, rows):
    held = make.position(Role.OFFICE_STAFF)
    for _ in range(rows):
        jobs.start("test.count", by=make.actor_of(held), upto=1)
    client = login(held)

    with django_assert_num_queries(9):
        client.get(reverse("job_list"))


def test_audit_verify_from_the_page_tells_the_result(login):
    auditor = make.position(Role.AUDITOR)
    client = login(auditor)

    answer = client.post(reverse("audit_verify"), follow=True)

    assert Job.objects.get().result["bad"] is None
    assert "没有改动" in answer.content.decode()
