"""What an asker shows to the office alone, looked for everywhere by everybody else."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from lianqiao.core.actor import PUBLIC, Role
from lianqiao.lists.models import PublicList
from lianqiao.lists.terms import HIDEABLE
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_tells]

WORDS = {
    "description": "蠡测魍魉",
    "place": "饕餮巷七号",
    "conditions": "貔貅条款",
    "cooperation": "麒麟办法",
    "contact_name": "龘先生",
    "contact_phone": "13971234567",
    "contact_email": "taotie@example.org",
}
OFFICES_OWN = {"source_note": "窸窣备注", "source_sentence": "囹圄原句"}
FIGURES = {
    "capacity": 73519, "partners_wanted": 31337, "people": 64287, "money": "9182736.00", "calendar": {"2099-W48": 86421},
}  # fmt: skip
FILE = "穷奇附件.pdf"
MARKS = {
    **WORDS, **OFFICES_OWN,
    "capacity": "73519", "partners_wanted": "31337", "people": "64287", "money": "9182736", "calendar": "86421", "attachments": FILE,
}  # fmt: skip
COLUMNS = ["title", "description", "place", "contact", "phone", "money", "people", "capacity"]
READERS = [
    Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT, Role.LEADER, Role.LIAISON, Role.MENTOR,
    Role.STUDENT, PUBLIC,
]  # fmt: skip


@pytest.fixture
def here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    chain = make.chain()
    PublicList.objects.create(chain=chain, state="open")
    return chain


def planted(chain, visibility):
    """A need and a resource, public, with a mark in every field."""
    rows = []
    for kind in ("need", "resource"):
        row = make.entry(
            kind, chain, title="幕墙深化设计", audience="public", visibility=visibility, **WORDS, **OFFICES_OWN, **FIGURES
        )  # fmt: skip
        file = row.attachments.model(
            entry=row, name=FILE, content_type="application/pdf", size=9, sha256=kind
        )
        file.file.save(f"entries/{kind}", ContentFile(b"%PDF-1.7 x"), save=True)
        rows.append(row)
    return rows


def text_of(answer):
    content = answer.getvalue() if answer.streaming else answer.content
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def crawl(login, caller, held, rows):
    """Everything that a reader is answered, by where it was; and whether a search for a mark finds the entry."""
    client, seen, found = login(held), {}, []
    need, resource = rows
    for row in rows:
        if held is None:
            seen[f"public {row.kind}"] = text_of(client.get(reverse("public_entry", args=[row.pk])))
            seen[f"public list {row.kind}"] = text_of(
                client.get(reverse("public_entries"), {"kind": row.kind})
            )
        else:
            shown = {"kind": row.kind, "columns": COLUMNS}
            seen[f"list {row.kind}"] = text_of(client.get(reverse("entry_list"), shown))
            seen[f"export {row.kind}"] = text_of(
                client.get(reverse("entry_list"), shown | {"export": "xlsx"})
            )
            seen[f"detail {row.kind}"] = text_of(client.get(reverse("entry_detail", args=[row.pk])))
        file = client.get(reverse("attachment_open", args=[row.attachments.get().pk]))
        seen[f"file {row.kind}"] = FILE if file.status_code == 200 else ""
    if held is None:
        for field, mark in MARKS.items():
            if text_of(client.get(reverse("public_entries"), {"q": mark})).count(f"/public/{need.pk}"):
                found.append(field)
        return seen, found
    seen["workbook"] = text_of(client.get(reverse("lists_export")))
    seen["home"] = text_of(client.get(reverse("home")))
    program = caller(held)
    for row in rows:
        seen[f"api {row.kind}"] = program.get(f"/entries/{row.pk}").content.decode()
        seen[f"api comments {row.kind}"] = program.get(f"/entries/{row.pk}/comments").content.decode()
    seen["api list"] = program.get("/entries").content.decode()
    for field, mark in MARKS.items():
        for row in rows:
            rows_found = (
                client.get(reverse("entry_list"), {"kind": row.kind, "q": mark}).context["listing"].page
            )
            if row in list(rows_found):
                found.append(field)
        if program.get("/entries", q=mark).json()["items"]:
            found.append(f"api {field}")
        # What is typed into a search box stands on the page; a hit would say more than that.
        hits = program.get("/search", q=mark).json()
        looked = client.get(reverse("lookup_organisations"), {"q": mark}).content.decode()
        if hits or '"label"' in looked:
            found.append(f"name {field}")
    coached = {"kind": "need", "title": WORDS["description"]}
    answer = client.post(reverse("entry_coach"), coached | {"chain": need.chain_id})
    if answer.status_code == 200:
        near = [*answer.context["similar"], *answer.context["counterparts"]]
        found += [f"coach {each.entry.kind}" for each in near if each.entry in (need, resource)]
    return seen, found


def leaks(seen):
    """Sums are also written with their thousands apart."""
    plain = {where: text.replace(",", "") for where, text in seen.items()}
    return sorted(
        (where, field) for where, text in plain.items() for field, mark in MARKS.items() if mark in text
    )


@pytest.mark.parametrize("role", READERS)
def test_hidden_fields_are_nowhere_for_other_readers(login, caller, here, role):
    rows = planted(here, dict.fromkeys(HIDEABLE, "office"))
    held = make.position(role, here) if role != PUBLIC else None
    seen, found = crawl(login, caller, held, rows)

    assert (leaks(seen), found) == ([], [])
    assert any("幕墙深化设计" in text for text in seen.values())


def test_hidden_fields_that_are_open_are_found_by_the_same_crawl(login, caller, here):
    """Else the test above could not fail."""
    rows = planted(here, dict.fromkeys(HIDEABLE, "chain"))
    seen, found = crawl(login, caller, make.position(Role.ENTERPRISE_CONTACT, here), rows)

    assert {field for _where, field in leaks(seen)} == set(MARKS) - set(OFFICES_OWN)
    assert set(WORDS) <= set(found)
    assert {f"api {field}" for field in WORDS} <= set(found)
    assert "coach need" in found
    assert {
        "list need",
        "export need",
        "workbook",
        "detail resource",
        "api need",
        "api list",
        "file need",
    } <= {where for where, _field in leaks(seen)}


def test_hidden_fields_of_a_public_entry_stay_with_the_chain_where_that_was_said(login, caller, here):
    rows = planted(here, dict.fromkeys(HIDEABLE, "chain"))

    assert crawl(login, caller, None, rows)[1] == []
    assert leaks(crawl(login, caller, None, rows)[0]) == []


def test_hidden_fields_are_the_office_s_and_the_asker_s_to_read(login, caller, here):
    rows = planted(here, dict.fromkeys(HIDEABLE, "office"))
    staff = make.position(Role.OFFICE_STAFF, here)
    asker = make.position(Role.ENTERPRISE_CONTACT, here, organisation=rows[0].organisation)

    assert {field for _where, field in leaks(crawl(login, caller, staff, rows)[0])} == set(MARKS)
    assert {field for _where, field in leaks(crawl(login, caller, asker, rows)[0])} == set(MARKS)
