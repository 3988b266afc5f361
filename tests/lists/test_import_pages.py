"""The pages of an import: from the upload to the result, for whom, and at what cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.models import ColumnMemory, Entry, Import
from tests import factories as make
from tests.lists.workbooks import book, carried_out, chain_with_words, checked, needs

QUERIES = {
    "import_list": 9,
    "import_detail": 12,
    "import_columns": 8,
    "import_names": 10,
    "import_register": 10,
    "import_twins": 10,
}


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


def row(name: str = "甲建筑公司", text: str = "幕墙检测新技术", day: str = "2027年3月31日") -> str:
    return f"1|{name}|施工|技术|{text}|紧急|{day}|联合攻关|35万元|张三|13800000000|座谈"


def sent(content: bytes, on, name: str = "需求.xlsx") -> dict:
    return {"chain": on.pk, "file": SimpleUploadedFile(name, content)}


@pytest.mark.django_db(transaction=True)
def test_import_add_checks_then_imports_then_takes_back(login):
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    client = login(make.position(Role.OFFICE_STAFF, on))

    added = client.post(reverse("import_add"), sent(needs(row()), on))
    imported = Import.objects.get()
    shown = client.get(added.url)
    none_yet = Entry.objects.count()
    client.post(reverse("import_start", args=[imported.pk]))
    entries = Entry.objects.count()
    result = client.get(added.url).content.decode()
    client.post(reverse("import_undo", args=[imported.pk]))

    assert shown.context["counts"]["new"] == 1
    assert (none_yet, entries, Entry.objects.count()) == (0, 1, 0)
    assert "新增 1 条" in result
    assert "撤回 1 条" in client.get(added.url).content.decode()


@pytest.mark.django_db(transaction=True)
def test_import_detail_tells_every_problem_by_sheet_cell_and_reason(login):
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    client = login(make.position(Role.OFFICE_STAFF, on))

    added = client.post(reverse("import_add"), sent(needs(row(day="2027年2月30日")), on))
    told = [
        (one["sheet"], one["cell"], str(one["reason"]), one["refusing"])
        for one in client.get(added.url).context["problems"]
    ]

    assert told == [("需求清单", "G2", "日期不存在。", True)]


@pytest.mark.django_db(transaction=True)
def test_import_refused_gives_the_row_back_red_with_its_reason_and_takes_it_once_corrected(login):
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    client = login(make.position(Role.OFFICE_STAFF, on))
    client.post(reverse("import_add"), sent(needs(row(day="2027年2月30日"), row(text="好的一行")), on))

    given = client.get(reverse("import_refused", args=[Import.objects.get().pk]))
    [(name, rows)] = book(given.content)

    assert name == "需求清单"
    assert [(cells[4], cells[-1]) for cells in rows] == [
        ("需求描述", "错误原因"),
        ("幕墙检测新技术", "G2 日期不存在。"),
    ]
    client.post(reverse("import_add"), sent(given.content, on))
    again = Import.objects.first()
    assert (again.counts["refused"], again.counts["problems"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_import_columns_corrected_are_remembered_for_the_next_workbook(login):
    on = chain_with_words()
    make.member(on, "甲建筑公司")
    held = make.position(Role.OFFICE_STAFF, on)
    client = login(held)
    content = needs("甲建筑公司|幕墙检测新技术|抓紧", head="企业名称|需求描述|轻重程度")
    client.post(reverse("import_add"), sent(content, on))
    imported = Import.objects.get()
    url = reverse("import_columns", args=[imported.pk])
    fields = client.get(url).context["form"].fields

    client.post(url, {name: field.initial for name, field in fields.items()} | {"column-0-C": "note"})
    client.post(reverse("import_add"), sent(content, on))

    assert list(ColumnMemory.objects.values_list("place", "text", "means")) == [
        (held.organisation_id, "轻重程度", "note")
    ]
    assert [column[2] for column in Import.objects.first().sheets[0]["columns"]] == [
        "enterprise",
        "content",
        "note",
    ]


@pytest.mark.django_db(transaction=True)
def test_import_names_chosen_turns_a_draft_into_an_entry_of_that_organisation(login):
    on = chain_with_words()
    meant = make.member(on, "云川博智工程咨询有限公司")
    client = login(make.position(Role.OFFICE_STAFF, on))
    client.post(reverse("import_add"), sent(needs(row("云川博智工程咨间有限公司")), on))
    imported = Import.objects.get()
    name = imported.names.get()
    drafts = imported.counts["drafts"]

    client.post(reverse("import_names", args=[imported.pk]), {f"name-{name.pk}": meant.pk})
    client.post(reverse("import_start", args=[imported.pk]))

    assert (name.how, drafts, Import.objects.get().counts["drafts"]) == ("likely", 1, 0)
    assert Entry.objects.get().organisation == meant


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("choice", "expected"), [("skip", 1), ("update", 1), ("new", 2)])
def test_import_twins_are_skipped_updated_or_added_as_chosen(login, choice, expected):
    on = chain_with_words()
    asker = make.member(on, "甲建筑公司")
    there = make.entry("need", on, organisation=asker, title="幕墙检测新技术", description="幕墙检测新技术")
    client = login(make.position(Role.OFFICE_STAFF, on))
    client.post(reverse("import_add"), sent(needs(row()), on))
    imported = Import.objects.get()
    url = reverse("import_twins", args=[imported.pk])
    [twin] = client.get(url).context["twins"]

    client.post(url, {f"twin-{twin.pk}": choice})
    client.post(reverse("import_start", args=[imported.pk]))

    assert (twin.entry, twin.is_same) == (there, True)
    assert Entry.objects.count() == expected
    assert Entry.objects.get(pk=there.pk).contact_name == ("张三" if choice == "update" else "")


@pytest.mark.django_db(transaction=True)
def test_import_undo_gives_an_updated_entry_back_what_it_had(login):
    on = chain_with_words()
    asker = make.member(on, "甲建筑公司")
    there = make.entry("need", on, organisation=asker, title="幕墙检测新技术", description="幕墙检测新技术")
    client = login(make.position(Role.OFFICE_STAFF, on))
    client.post(reverse("import_add"), sent(needs(row()), on))
    imported = Import.objects.get()
    client.post(reverse("import_twins", args=[imported.pk]), {"every": "update"})
    client.post(reverse("import_start", args=[imported.pk]))

    client.post(reverse("import_undo", args=[imported.pk]))

    facts = ("contact_name", "due_on", "money", "category_id")
    fresh = Entry.objects.get(pk=there.pk)
    assert [getattr(fresh, name) for name in facts] == [getattr(there, name) for name in facts]


@pytest.mark.django_db(transaction=True)
def test_import_drop_writes_nothing_and_throws_the_file_away(login, tmp_path):
    on = chain_with_words()
    client = login(make.position(Role.OFFICE_STAFF, on))
    client.post(reverse("import_add"), sent(needs(row()), on))

    client.post(reverse("import_drop", args=[Import.objects.get().pk]))

    assert Import.objects.get().state == "dropped"
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_import_add_of_what_is_no_workbook_says_why_in_the_readers_language(login):
    on = chain_with_words()
    client = login(make.position(Role.OFFICE_STAFF, on), **{"accept-language": "zh-hans"})

    added = client.post(reverse("import_add"), sent(b"\x00\x01", on))

    assert "这个文件不是 Excel" in client.get(added.url).content.decode()
    assert (Import.objects.get().state, Entry.objects.count()) == ("refused", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.LEADER, Role.STUDENT, Role.MENTOR, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_import_add_is_not_for_those_who_write_no_entries(login, role):
    client = login(make.position(role))

    pages = ("import_add", "import_template")
    assert [client.get(reverse(name)).status_code for name in pages] == [403, 403]
    names = ("import_start", "import_drop", "import_undo", "import_refused", "import_columns")
    assert {client.post(reverse(name, args=[1])).status_code for name in names} <= {403, 405}


@pytest.mark.django_db
def test_import_detail_of_another_chain_is_as_if_it_were_not_there(login):
    on = chain_with_words()
    imported = checked(needs(row()), make.actor(Role.OFFICE_STAFF, on), on)
    stranger = login(make.position(Role.OFFICE_STAFF))
    contact = login(make.position(Role.ENTERPRISE_CONTACT, on))

    for client in (stranger, contact):
        for name in ("import_detail", "import_columns", "import_names", "import_twins", "import_refused"):
            assert client.get(reverse(name, args=[imported.pk])).status_code == 404
        for name in ("import_start", "import_drop", "import_undo"):
            assert client.post(reverse(name, args=[imported.pk])).status_code == 404
    assert stranger.get(reverse("import_register", args=[imported.pk])).status_code == 404


@pytest.mark.django_db
def test_import_by_contact_takes_own_rows_and_refuses_those_of_others():
    on = chain_with_words()
    other = make.member(on, "乙公司")
    contact = make.actor(Role.ENTERPRISE_CONTACT, on)
    content = needs(
        "1||施工|技术|自己的需求", "2|乙公司|施工|技术|别人的需求", "3|没登记的|施工|技术|谁的需求"
    )

    imported = carried_out(checked(content, contact, on), contact)

    assert list(Entry.objects.values_list("organisation", "description")) == [
        (contact.organisation_id, "自己的需求")
    ]
    assert {(one.row, one.code) for one in imported.problems.filter(refusing=True)} == {
        (3, "not permitted"),
        (4, "not permitted"),
    }
    assert not Entry.objects.filter(organisation=other).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", QUERIES)
def test_import_pages_same_number_of_queries(login, django_assert_num_queries, name):
    on = chain_with_words()
    held = make.position(Role.OFFICE_STAFF, on)
    client, by = login(held), make.actor(Role.OFFICE_STAFF, on)
    asker = make.member(on, "甲建筑公司")
    for count in (1, 3):
        texts = [f"第{'一二三'[n]}件不同的事情要找人来办" for n in range(count)]
        for text in texts:
            make.entry("need", on, organisation=asker, title=text, description=text)
        rows = [row(text=text) for text in texts]
        rows += [row(f"没登记的第{n}家", f"别的事情{n}", "2月30日") for n in range(count)]
        for _each in range(count if name == "import_list" else 1):
            imported = checked(needs(*rows), by, on)
        url = reverse(name, args=[] if name == "import_list" else [imported.pk])
        client.get(url)
        with django_assert_num_queries(QUERIES[name]):
            assert client.get(url).status_code == 200
