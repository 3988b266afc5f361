"""docs/add-a-page.md quotes the code as it is."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/add-a-page.md").read_text(encoding="utf-8")
# A path on a line of its own, then the block that was taken from it.
QUOTED = re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
# What a page needs, in the order in which it is written.
FILES = ["models", "queries", "rules", "actions", "forms", "pages", "templates", "urls", "api", "tests"]


def pieces(block: str) -> list[str]:
    """The block without the lines that stand for something left out."""
    return re.split(r"^\s*…\n", block + "\n", flags=re.MULTILINE)


@pytest.mark.parametrize(("path", "block"), QUOTED, ids=[f"{n}-{path}" for n, (path, _) in enumerate(QUOTED)])
def test_add_a_page_quotes_what_the_file_says(path, block):
    source = (PROJECT / path).read_text(encoding="utf-8")

    assert [piece for piece in pieces(block) if piece.rstrip("\n") not in source] == []


def test_add_a_page_goes_through_every_kind_of_file():
    paths = [path for path, _ in QUOTED]

    assert [
        kind for kind in FILES if not any(re.search(rf"[/_]{kind}\b|^{kind}/", path) for path in paths)
    ] == []


def test_add_a_page_quotes_every_block_of_code():
    assert len(QUOTED) == PAGE.count("```") // 2


def test_pieces_are_split_where_something_is_left_out():
    assert pieces("a = 1\n    …\nb = 2") == ["a = 1\n", "b = 2\n"]
