"""Reference tables: what an edition changes, and the pages."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry, Job
from lianqiao.core.refusals import NotPermitted
from lianqiao.registry import uploads
from lianqiao.registry.actions.reference import (
    DEFAULT_EDITIONS,
    NothingNew,
    add_local_items,
    import_reference,
    load_default_tables,
)
from lianqiao.registry.editions import difference
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.tables import Row, read_table
from tests import factories as make

TERMINAL = at_the_terminal("test")
DAY = date(2026, 9, 1)
QUERIES_OF_LIST = 16


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def load(kind: str, *rows: Row, edition: str = "甲", valid_from: date = DAY) -> Edition:
    return import_reference(kind, list(rows), edition=edition, valid_from=valid_from, by=TERMINAL)


def items(kind: str) -> list[tuple[str, str, date | None]]:
    return list(
        ReferenceItem.objects.filter(kind=kind).order_by("code").values_list("code", "name", "valid_to")
    )


@pytest.mark.django_db
def test_import_reference_adds_changes_and_ends_and_says_so_in_the_trail():
    load("industry", Row("1", "农业"), Row("2", "林业"))

    edition = load(
        "industry", Row("1", "种植业"), Row("3", "渔业"), edition="乙", valid_from=date(2026, 10, 1)
    )

    assert items("industry") == [("1", "种植业", None), ("2", "林业", date(2026, 10, 1)), ("3", "渔业", None)]
    assert (edition.added, edition.changed, edition.ended) == (1, 1, 1)
    entry = AuditEntry.objects.order_by("-id").first()
    assert (entry.action, entry.subject_label) == ("registry.import_reference", "国民经济行业分类 乙")


@pytest.mark.django_db
def test_import_reference_of_the_same_rows_has_nothing_to_do():
    load("industry", Row("1", "农业"))

    with pytest.raises(NothingNew):
        load("industry", Row("1", "农业"), edition="乙")

    assert Edition.objects.count() == 1


@pytest.mark.django_db
def test_import_reference_brings_back_a_code_that_had_ended():
    load("industry", Row("1", "农业"), Row("2", "林业"))
    load("industry", Row("1", "农业"), edition="乙")

    load("industry", Row("1", "农业"), Row("2", "林业"), edition="丙")

    assert items("industry") == [("1", "农业", None), ("2", "林业", None)]


@pytest.mark.django_db
def test_import_reference_leaves_codes_of_ones_own_alone():
    load("region", Row("320000", "江苏省"))
    add_local_items("region", [Row("329900", "云州市", "320000")], valid_from=DAY, by=TERMINAL)

    load("region", Row("320000", "江苏"), edition="乙")

    assert items("region") == [("320000", "江苏", None), ("329900", "云州市", None)]


@pytest.mark.django_db
def test_import_reference_of_a_calendar_touches_only_its_years():
    off = {"is_workday": False}
    load("workdays", Row("2026-10-01", "国庆", facts=off), Row("2027-10-01", "国庆（暂定）", facts=off))

    load("workdays", Row("2027-10-04", "国庆", facts=off), edition="2027", valid_from=DAY)

    assert items("workdays") == [
        ("2026-10-01", "国庆", None),
        ("2027-10-01", "国庆（暂定）", DAY),
        ("2027-10-04", "国庆", None),
    ]


@pytest.mark.django_db
def test_import_reference_keeps_the_names_of_groups_that_a_table_only_numbers():
    load("occupation", Row("2", "专业技术人员", "", "major_group"))
    rows = read_table(
        "occupation", "t.csv", csv("code,name,major_group", "2-02,工程技术人员,2", "3-01,行政办事,3")
    )

    found = difference("occupation", rows)

    assert [(row.code, row.name) for row in found.added] == [
        ("2-02", "工程技术人员"),
        ("3", "3"),
        ("3-01", "行政办事"),
    ]
    assert (found.changed, found.ended) == ([], [])


@pytest.mark.django_db
def test_import_reference_by_staff_is_refused():
    with pytest.raises(NotPermitted):
        import_reference(
            "industry", [Row("1", "农业")], edition="甲", valid_from=DAY, by=make.actor(Role.OFFICE_STAFF)
        )

    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_default_tables_fill_only_what_is_empty():
    load("industry", Row("1", "农业"))

    assert load_default_tables(by=TERMINAL) == ["major", "occupation", "region", "workdays"]
    assert load_default_tables(by=TERMINAL) == []
    assert set(Edition.objects.values_list("kind", flat=True)) == set(DEFAULT_EDITIONS)
    assert ReferenceItem.objects.filter(kind="region").count() == 24


def upload(kind="industry", *lines: str, name="新版.csv", **fields) -> dict:
    content = csv(*(lines or ("code,name", "1,农业")))
    return {
        "kind": kind,
        "edition": "甲",
        "valid_from": "2026-09-01",
        "file": SimpleUploadedFile(name, content),
    } | fields


@pytest.mark.django_db
def test_reference_list_costs_the_same_for_one_and_three_editions(login, django_assert_num_queries):
    client = login(make.position(Role.OFFICE_ADMIN))
    load("industry", Row("1", "农业"))
    client.get(reverse("reference_list"))
    with django_assert_num_queries(QUERIES_OF_LIST):
        one = client.get(reverse("reference_list"))
    load("industry", Row("1", "农业"), Row("2", "林业"), edition="乙")
    load("workdays", Row("2027-01-01", "元旦", facts={"is_workday": False}), edition="2027")
    with django_assert_num_queries(QUERIES_OF_LIST):
        three = client.get(reverse("reference_list"))

    assert (len(one.context["listing"].page), len(three.context["listing"].page)) == (1, 3)
    assert "2027" in three.content.decode()


@pytest.mark.django_db
def test_reference_detail_finds_codes_by_name_pinyin_and_level(login):
    client = login(make.position(Role.ENTERPRISE_CONTACT))
    load(
        "industry",
        Row("E", "建筑业", "", "section"),
        Row("47", "房屋建筑业", "E", "division"),
        Row("F", "批发", "", "section"),
    )
    url = reverse("reference_detail", args=["industry"])

    def codes(**query):
        return [row.code for row in client.get(url, query).context["listing"].page]

    assert codes() == ["47", "E", "F"]
    assert codes(q="建筑") == ["47", "E"]
    assert codes(q="jianzhu") == ["47", "E"]
    assert codes(q="fwjz") == ["47"]
    assert codes(q="建筑", level="section") == ["E"]
    assert codes(state="ended") == []


@pytest.mark.django_db
def test_reference_detail_shows_days_of_the_calendar(login):
    load("workdays", Row("2027-01-01", "元旦", facts={"is_workday": False}))
    page = login(make.position(Role.AUDITOR)).get(reverse("reference_detail", args=["workdays"]))

    assert "2027-01-01" in page.content.decode()
    assert "休息" in page.content.decode()


@pytest.mark.django_db
def test_reference_detail_of_an_unknown_kind_is_not_there(login):
    assert (
        login(make.position(Role.AUDITOR)).get(reverse("reference_detail", args=["moods"])).status_code == 404
    )


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.AUDITOR, Role.ENTERPRISE_CONTACT, Role.STUDENT])
def test_reference_import_is_for_administrators_only(login, role):
    client = login(make.position(role))

    assert client.post(reverse("reference_import"), upload()).status_code == 403
    assert client.post(reverse("reference_compare", args=["0" * 32])).status_code == 403
    assert client.post(reverse("reference_discard", args=["0" * 32])).status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [Role.OFFICE_ADMIN, Role.SYSTEM_ADMIN])
def test_reference_import_compares_then_imports_and_throws_the_file_away(login, role):
    client = login(make.position(role))
    load("industry", Row("2", "林业"))

    sent = client.post(reverse("reference_import"), upload())
    compared = client.get(sent.url)
    agreed = client.post(sent.url)

    assert compared.context["counts"] == {"added": 1, "changed": 0, "ended": 1}
    job = Job.objects.get()
    assert agreed.url == reverse("job_detail", args=[job.pk])
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert job.result == {"edition": "甲", "added": 1, "changed": 0, "ended": 1}
    assert items("industry") == [("1", "农业", None), ("2", "林业", DAY)]
    assert list(uploads.uploads().iterdir()) == []


@pytest.mark.django_db
def test_reference_import_tells_the_rows_that_are_wrong_and_keeps_what_was_typed(login):
    client = login(make.position(Role.OFFICE_ADMIN))

    page = client.post(reverse("reference_import"), upload("industry", "code,name", "1,", "2,林业", "2,林业"))

    assert [error.code for error in page.context["form"].errors.as_data()["file"]] == ["blank", "same_code"]
    assert "第 2 行" in page.content.decode()
    assert 'value="甲"' in page.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_reference_import_of_what_is_there_already_says_so(login):
    load("industry", Row("1", "农业"))
    client = login(make.position(Role.OFFICE_ADMIN))

    sent = client.post(reverse("reference_import"), upload())
    page = client.get(sent.url, follow=True)

    assert "文件与现有的表相同" in page.content.decode()
    assert list(uploads.uploads().iterdir()) == []


@pytest.mark.django_db
def test_reference_compare_of_somebody_elses_file_is_not_there(login):
    mine, other = login(make.position(Role.OFFICE_ADMIN)), login(make.position(Role.OFFICE_ADMIN))
    sent = mine.post(reverse("reference_import"), upload())

    assert other.get(sent.url).url == reverse("reference_import")
    assert other.post(sent.url).url == reverse("reference_import")
    assert not Job.objects.exists()
    assert mine.get(sent.url).status_code == 200


@pytest.mark.django_db
def test_reference_discard_throws_the_file_away(login):
    client = login(make.position(Role.OFFICE_ADMIN))
    sent = client.post(reverse("reference_import"), upload())
    token = sent.url.rsplit("/", 1)[1]

    answer = client.post(reverse("reference_discard", args=[token]))

    assert answer.url == reverse("reference_list")
    assert uploads.facts_of(token, by=TERMINAL) is None
    assert list(uploads.uploads().iterdir()) == []


def test_uploads_that_were_forgotten_are_swept(monkeypatch, db):
    by = make.actor(Role.OFFICE_ADMIN)
    old = uploads.keep(b"x", {"kind": "industry"}, by=by)
    monkeypatch.setattr(uploads, "KEPT_FOR", -1)

    new = uploads.keep(b"y", {"kind": "industry"}, by=by)

    assert uploads.facts_of(old, by=by) is None
    assert uploads.facts_of(new, by=by) == {"kind": "industry"}
    uploads.drop(new)


@pytest.mark.parametrize("token", ["../secret.key", "..", "0" * 31, ""])
def test_uploads_are_found_by_their_own_names_only(token, db):
    assert uploads.facts_of(token, by=TERMINAL) is None
