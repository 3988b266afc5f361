"""docs/glossary.md: what it says there is, is there under both names; what it says is not built, is not."""

import ast
import re
from pathlib import Path

from django.apps import apps

from lianqiao.core.actor import Role

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/glossary.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """`in code` -> Chinese, of the table under a heading."""
    section = re.split(rf"^#+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", section, re.MULTILINE))


def classes() -> set[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (PROJECT / "src/lianqiao").rglob("*.py")]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def models() -> dict[str, str]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("lianqiao.")]
    return {model.__name__: str(model._meta.verbose_name) for model in ours}


def test_glossary_holds_every_model_under_its_name_on_pages():
    told, unnamed = rows("What there is"), "audit head"  # the one model that no page shows
    wanted = {name: chinese for name, chinese in models().items() if chinese != unnamed}

    assert {name: told.get(name) for name in wanted} == wanted
    assert set(told) <= classes()


def test_glossary_names_the_roles_as_the_code_does():
    assert rows("Roles") == {role.value: str(role.label) for role in Role}


def test_glossary_says_not_built_only_of_what_is_not_built():
    assert set(rows("Decided, not built yet")) & classes() == set()
