"""A workbook through the API: its job, its rows, and each rejected row's sheet, cell and reason, as they are stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, encode_multipart
from django.test.utils import CaptureQueriesContext

from lianqiao.core.actor import Role
from lianqiao.lists.models import Entry, Import
from tests import factories as make
from tests.lists.workbooks import chain_with_words, needs

pytestmark = pytest.mark.django_db
GOOD = "1|甲建筑公司|施工|技术|幕墙检测新技术，覆盖 3 个项目。|紧急|2027年3月31日|联合攻关|35.6万元、3人|张三|13800000000|座谈"
BAD = "2|甲建筑公司|施工|技术|铝板加工，要 5 名\x07工人|紧急|2027年2月30日||负三人|李四|13800000001|座谈"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def here():
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    return on


@pytest.fixture
def office(caller, here):
    return caller(make.position(Role.OFFICE_STAFF, here))


@pytest.fixture
def upload(django_capture_on_commit_callbacks):
    """Sends the form as a program does; the jobs that it starts have run when it returns."""

    def send(program, chain, content, name="三张清单.xlsx", boundary=BOUNDARY, **headers):
        file = SimpleUploadedFile(name, content, content_type=XLSX)
        body = encode_multipart(boundary, {"chain": chain, "file": file})
        with django_capture_on_commit_callbacks(execute=True):
            return program.client.generic(
                "POST",
                "/api/imports",
                body,
                content_type=f"multipart/form-data; boundary={boundary}",
                headers=headers,
            )

    return send


@pytest.fixture
def started(django_capture_on_commit_callbacks):
    def send(program, path):
        with django_capture_on_commit_callbacks(execute=True):
            return program.post(path)

    return send


def test_import_add_is_checked_then_started_and_tells_what_is_stored(office, here, upload, started):
    book = needs(GOOD, BAD, "3|乙公司|施工|人才|造价师 2 名|||||||", GOOD)
    added = upload(office, here.pk, book)
    pk = added.json()["id"]
    checked = office.get(f"/imports/{pk}").json()
    nothing_yet = Entry.objects.count()
    begun = started(office, f"/imports/{pk}/start")
    done = office.get(f"/imports/{pk}").json()
    rows = office.get(f"/imports/{pk}/rows").json()["items"]
    job = office.get(f"/jobs/{done['job']['id']}").json()

    assert (added.status_code, added.json()["state"], begun.status_code) == (201, "reading", 200)
    assert (checked["state"], checked["accepted"], checked["job"]["state"], nothing_yet) == (
        "checked",
        None,
        "done",
        0,
    )
    assert (done["state"], done["job"]["kind"], job["state"]) == ("done", "lists.import_entries", "done")
    assert (done["rows"], done["rejected"], done["skipped"]) == (4, 1, 1)
    assert {name: job["result"][name] for name in ("rows", "accepted", "rejected")} == {
        name: done[name] for name in ("rows", "accepted", "rejected")
    }
    assert office.get(f"/jobs/{job['id']}/errors").json()["items"] == [
        {"place": "需求清单!G3", "code": "no such day", "reason": "日期不存在。"}
    ]
    assert done["accepted"] == job["result"]["added"] == Entry.objects.count() == len(rows)
    assert [row["entry"] for row in rows] == list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert [(row["sheet"], row["row"], row["updated"]) for row in rows] == [
        ("需求清单", number, False) for number in (2, 4)
    ]


def test_import_problems_name_sheet_cell_and_reason_of_each_rejected_row(office, here, upload):
    pk = upload(office, here.pk, needs(GOOD, BAD)).json()["id"]
    rejects = office.get(f"/imports/{pk}/problems", rejects="true").json()["items"]
    remarks = office.get(f"/imports/{pk}/problems", rejects="false").json()["items"]

    assert rejects == [
        {
            "sheet": "需求清单", "row": 3, "cell": "G3", "value": "2027年2月30日", "code": "no such day",
            "reason": "日期不存在。", "rejects": True,
        }
    ]  # fmt: skip
    assert [(one["cell"], one["code"], one["rejects"]) for one in remarks] == [("I3", "no number", False)]


def test_import_undo_takes_it_back(office, here, upload, started):
    pk = upload(office, here.pk, needs(GOOD)).json()["id"]
    started(office, f"/imports/{pk}/start")
    started(office, f"/imports/{pk}/undo")

    assert (office.get(f"/imports/{pk}").json()["state"], Entry.objects.count()) == ("undone", 0)


def test_import_drop_writes_nothing_and_ends_it(office, here, upload, started):
    pk = upload(office, here.pk, needs(GOOD)).json()["id"]
    dropped = office.post(f"/imports/{pk}/drop").json()
    again = started(office, f"/imports/{pk}/start")

    assert (dropped["state"], again.status_code, again.json()["code"]) == (
        "dropped",
        409,
        "import_not_waiting",
    )
    assert Entry.objects.count() == 0


def test_import_start_is_carried_out_once(office, here, upload, started):
    pk = upload(office, here.pk, needs(GOOD)).json()["id"]
    started(office, f"/imports/{pk}/start")
    again = started(office, f"/imports/{pk}/start")

    assert (again.status_code, Entry.objects.count()) == (409, 1)


def test_import_add_sent_twice_is_taken_once_whatever_the_boundary(office, here, upload):
    book, key = needs(GOOD), {"Idempotency-Key": "import-1"}
    answers = [upload(office, here.pk, book, boundary=name, **key) for name in ("one", "two")]
    other = upload(office, here.pk, needs(GOOD, GOOD.replace("幕墙", "隔墙")), **key)

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Import.objects.count() == 1


def test_workbook_that_cannot_be_read_is_refused_with_its_reason(office, here, upload):
    pk = upload(office, here.pk, b"PK\x03\x04 no workbook").json()["id"]
    told = office.get(f"/imports/{pk}").json()

    assert (told["state"], told["job"]["state"], told["rows"]) == ("refused", "failed", None)
    assert told["reason"]


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/json", b"{}", 415, "wrong_content_type"),
        ("multipart/form-data", b"x", 400, "broken_request"),
        ("multipart/form-data; boundary=x", b"garbage", 422, "invalid"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="chain"\r\n\r\nx\r\n--x--\r\n', 422, "invalid"),
    ],
)  # fmt: skip
def test_import_add_of_what_is_no_form_with_a_file_is_refused(content_type, body, status, code, office):
    answer = office.client.generic("POST", "/api/imports", body, content_type=content_type)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Import.objects.count() == 0


def test_import_add_that_is_too_large_is_refused_before_it_is_read(office):
    answer = office.client.generic(
        "POST",
        "/api/imports",
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(60 * 1024**2),
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "50 MB" in answer.json()["message"]


def test_import_add_for_another_chain_names_the_field(office, upload):
    answer = upload(office, make.chain().pk, needs(GOOD))

    assert (answer.status_code, list(answer.json()["fields"]), Import.objects.count()) == (422, ["chain"], 0)


def test_import_list_and_import_detail_are_for_the_office_of_the_chain_and_who_imported(
    caller, office, here, upload
):
    contact = caller(make.position(Role.ENTERPRISE_CONTACT, here))
    mine = upload(contact, here.pk, needs(GOOD)).json()["id"]
    theirs = upload(office, here.pk, needs(GOOD)).json()["id"]
    stranger = caller(make.position(Role.OFFICE_STAFF))
    seen = [
        [row["id"] for row in program.get("/imports").json()["items"]]
        for program in (office, contact, stranger)
    ]
    parts = ("", "/problems", "/rows")

    assert seen == [[theirs, mine], [mine], []]
    assert [contact.get(f"/imports/{theirs}{part}").status_code for part in parts] == [404] * 3
    assert [contact.post(f"/imports/{theirs}/{move}").status_code for move in ("start", "drop", "undo")] == [
        404
    ] * 3


def test_import_list_asks_the_same_number_of_queries_for_one_and_three_rows(office, here, upload):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            office.get("/imports")
        return len(queries)

    upload(office, here.pk, needs(GOOD))
    office.get("/imports")
    one = asked()
    upload(office, here.pk, needs(GOOD))
    upload(office, here.pk, needs(GOOD))

    assert asked() == one
