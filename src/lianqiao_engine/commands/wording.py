"""The sentences of the commands, by key, in Chinese or English."""

from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
WORDING = Path(__file__).with_name("wording.tsv")
COLUMNS: dict[Language, int] = {"zh": 0, "en": 1}


class Wording:
    """`say("told.written", out=path)` in one language; an unknown key is an error of ours."""

    def __init__(self, language: Language) -> None:
        self._column = COLUMNS[language]

    def __call__(self, key: str, **facts: object) -> str:
        return _sentences()[key][self._column].format(**facts)

    def knows(self, key: str) -> bool:
        return key in _sentences()


@cache
def _sentences() -> dict[str, list[str]]:
    lines = WORDING.read_text(encoding="utf-8").splitlines()
    keyed = (line.split("\t") for line in lines if not line.startswith("#"))
    return {key: [text.replace("\\n", "\n") for text in texts] for key, *texts in keyed}
