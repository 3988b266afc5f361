"""Tell what a text says as one JSON object: `python -m lianqiao_engine.capture FILE TODAY < known`.

`known` is a JSON list of [name, code, kind]. A program of its own, so that whoever starts it can bound what a file from
outside may take. Told are `text` as it was read, `found` as of `lianqiao capture --json`, and `readable`: the sentences of the
entries without damage. A file that is not read is `{"refused": …}` and exit code 2.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from .capture import capture
from .document import text_of
from .files import as_json
from .model import BadText, Known
from .reading import readable


def told(path: Path, today: date, known: list[Known]) -> dict[str, Any]:
    text = text_of(path)
    found = as_json(capture(text, known=known, today=today))
    return {
        "text": text,
        "found": found,
        "readable": [readable(entry["sentence"]).text.strip() for entry in found["entries"]],
    }


def main() -> int:
    _, path, today = sys.argv
    try:
        answer = told(Path(path), date.fromisoformat(today), [Known(*one) for one in json.load(sys.stdin)])
    except BadText as refusal:
        answer = {"refused": refusal.what}
    json.dump(answer, sys.stdout)
    return 2 if "refused" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
