from pathlib import Path

import polib
import pytest
from messages import check, compile_all, faults, update


@pytest.fixture
def source(tmp_path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "pages.py").write_text('a = _("共 %(n)s 条")\nb = ngettext("一", "二", 2)\n', encoding="utf-8")
    return folder


@pytest.fixture
def catalogue(tmp_path) -> Path:
    return tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"


def translate(catalogue: Path, **texts) -> None:
    po = polib.pofile(str(catalogue))
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "one", 1: "two"}
        else:
            entry.msgstr = texts[entry.msgid[0]]
    po.save()


def test_update_adds_new_removes_vanished_and_keeps_translations(source, catalogue):
    assert update(source, catalogue) == "2 texts: 2 new, 0 gone, 2 untranslated"
    translate(catalogue, 共="%(n)s in all")
    (source / "pages.py").write_text('a = _("共 %(n)s 条")\nc = _("新")\n', encoding="utf-8")

    assert update(source, catalogue) == "2 texts: 1 new, 1 gone, 1 untranslated"
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(catalogue))] == [
        ("共 %(n)s 条", "%(n)s in all"),
        ("新", ""),
    ]


def test_update_twice_changes_no_byte_even_when_lines_move(source, catalogue):
    update(source, catalogue)
    before = catalogue.read_bytes()
    (source / "pages.py").write_text(
        "\n\n" + (source / "pages.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    update(source, catalogue)
    assert catalogue.read_bytes() == before


def test_check_of_a_complete_catalogue_finds_nothing(source, catalogue):
    update(source, catalogue)
    translate(catalogue, 共="%(n)s in all")
    assert check(source, catalogue) == []


def test_check_names_the_place_of_what_is_missing_untranslated_or_bare(source, catalogue):
    update(source, catalogue)
    (source / "forms.py").write_text('a = _("新")\nb = "裸"\n', encoding="utf-8")
    assert check(source, catalogue) == [
        f"{source}/forms.py:1: not collected, run `make messages`: 新",
        f"{source}/forms.py:2: Chinese outside gettext: 裸",
        f"{source}/pages.py:1: untranslated: 共 %(n)s 条",
        f"{source}/pages.py:2: untranslated: 一",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%(n)s in all", []),
        ("%(count)s in all", ["placeholders differ"]),
        ("all", ["placeholders differ"]),
        ("", ["untranslated"]),
        ("%(n)s 条", ["Chinese in the translation"]),
        ("%(n)s，all", ["Chinese in the translation"]),
        ("50%% of %(n)s", []),
    ],
)
def test_faults_of_a_translation(text, expected):
    assert list(faults(polib.POEntry(msgid="共 %(n)s 条", msgstr=text))) == expected


def test_faults_of_a_plural_let_the_singular_leave_the_number_out():
    entry = polib.POEntry(msgid="%(n)s 条", msgid_plural="%(n)s 条")
    entry.msgstr_plural = {0: "one entry", 1: "%(n)s entries"}
    assert list(faults(entry)) == []
    entry.msgstr_plural = {0: "%(n)s entry", 1: "entries"}
    assert list(faults(entry)) == ["placeholders differ"]


def test_faults_of_a_fuzzy_entry():
    assert list(faults(polib.POEntry(msgid="新", msgstr="new", flags=["fuzzy"]))) == ["marked fuzzy"]


def test_compile_writes_what_was_translated_for_every_language(source, catalogue, tmp_path):
    update(source, catalogue)
    translate(catalogue, 共="%(n)s in all")
    chinese = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    chinese.parent.mkdir(parents=True)
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Passkey", msgstr="通行密钥"))
    po.save(str(chinese))

    compile_all(tmp_path / "locale")

    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(chinese.with_suffix(".mo")))} == {
        "Passkey": "通行密钥"
    }
    english = {entry.msgid: entry for entry in polib.mofile(str(catalogue.with_suffix(".mo")))}
    assert english["共 %(n)s 条"].msgstr == "%(n)s in all"
    assert english["一"].msgstr_plural == {0: "one", 1: "two"}
