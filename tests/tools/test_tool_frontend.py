import pytest

from frontend import FRONTEND, foreign_addresses, icon_names, sprite, without_source_map

HOME = """<svg
  xmlns="http://www.w3.org/2000/svg"
  class="icon"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M5 12l-2 0l9 -9" />
</svg>"""


def test_sprite_holds_each_listed_icon_without_its_empty_frame(tmp_path):
    (tmp_path / "home.svg").write_text(HOME, encoding="utf-8")
    (tmp_path / "other.svg").write_text(HOME, encoding="utf-8")
    assert sprite(tmp_path, ["home"]) == (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        '<symbol id="home" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round"><path d="M5 12l-2 0l9 -9" /></symbol>\n'
        "</svg>\n"
    )


def test_sprite_of_an_unknown_icon_says_which(tmp_path):
    with pytest.raises(SystemExit, match="Tabler has no outline icon huose"):
        sprite(tmp_path, ["huose"])


def test_foreign_addresses_are_imports_and_files_but_no_data():
    css = (
        '@import "fonts.css";'
        "a{background:url(\"data:image/svg+xml,%3csvg xmlns='x'\")}b{filter:url(#blur)}"
        "c{src:url(../fonts/a.woff2)}"
    )
    assert foreign_addresses(css) == ['@import "fonts.css"', "url(../fonts/a.woff2)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{}\n/*# sourceMappingURL=a.css.map */", "a{}\n"),
        ("f()\n//# sourceMappingURL=a.js.map\n", "f()\n\n"),
    ],
)
def test_source_map_reference_is_removed(text, expected):
    assert without_source_map(text) == expected


def test_icon_list_is_sorted_without_repetition():
    assert icon_names() == sorted(set(icon_names()))


def test_lock_names_integrity_for_every_package_and_no_address():
    text = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
