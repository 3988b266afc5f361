"""docs/reference/settings.md tells every environment variable that the product reads, with its default."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from click import Option

from lianqiao.config.commands.serve import command as serve

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/reference/settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", PAGE, re.MULTILINE))
NAME = re.compile(r"(LIANQIAO_[A-Z_]*[A-Z]|DATABASE_URL)")


def trees() -> Iterator[ast.Module]:
    for file in (PROJECT / "src").rglob("*.py"):
        yield ast.parse(file.read_text(encoding="utf-8"))


def variables() -> set[str]:
    """Names that stand alone as a string; a provider's id is put together from its name, like its secret."""
    constants = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }
    providers = [name for name in constants if name.endswith("_SECRET")]
    return constants | {"DATABASE_URL"} | {name.removesuffix("SECRET") + "ID" for name in providers}


def defaults() -> dict[str, str]:
    """Defaults that are written beside their name: `environ.get(name, default)` and options of the command line."""
    found = {
        option.envvar: str(option.default)
        for option in serve.params
        if isinstance(option, Option) and option.envvar
    }
    for tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "os.environ.get"
                and len(node.args) == 2
            ):
                name, default = node.args
                if isinstance(name, ast.Constant) and isinstance(default, ast.Constant):
                    found[name.value] = default.value
    return found


def test_settings_page_tells_exactly_the_variables_that_are_read():
    assert sorted(ROWS) == sorted(variables())


def test_settings_page_gives_the_default_that_the_code_has():
    wanted = {name: f"`{default}`" if default else "empty" for name, default in defaults().items()}

    assert {name: ROWS[name] for name in wanted} == wanted
