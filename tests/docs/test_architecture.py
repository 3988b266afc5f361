"""docs/architecture.md and its picture show the layers that import-linter holds."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
PICTURE = ElementTree.parse(PROJECT / "docs/architecture.svg")


def layers() -> list[str]:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    return next(contract["layers"] for contract in contracts if contract.get("containers") == ["lianqiao"])


def test_architecture_tells_the_layers_from_top_to_bottom():
    table = PAGE.split("## Layers")[1].split("## ")[0]

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == layers()


def test_architecture_picture_shows_the_layers_from_top_to_bottom():
    titles = [
        text.text for text in PICTURE.iter("{http://www.w3.org/2000/svg}text") if text.get("class") == "t"
    ]

    assert [title for title in titles if title in layers()] == layers()


def test_architecture_names_only_modules_and_files_that_exist():
    dotted = re.findall(r"`((?:core|accounts|notices|registry|portal|api|config)(?:\.\w+)+)`", PAGE)
    paths = re.findall(r"`((?:core|registry|api|config|frontend|tools)/[\w./]+)`", PAGE)
    source = PROJECT / "src/lianqiao"
    missing = [name for name in dotted if not exists(source, name)]
    missing += [path for path in paths if not ((source / path).exists() or (PROJECT / path).exists())]

    assert len(dotted) > 5
    assert [path for path in missing if path != "frontend/served"] == []


def exists(source: Path, name: str) -> bool:
    """A module, or a name inside one: `core.jobs.start`."""
    *folders, last = name.split(".")
    inside = source.joinpath(*folders).with_suffix(".py")
    if source.joinpath(*folders, f"{last}.py").is_file() or source.joinpath(*folders, last).is_dir():
        return True
    return (
        inside.is_file()
        and re.search(rf"^(def|class) {last}\b", inside.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )
