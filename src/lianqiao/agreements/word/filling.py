"""A program of its own: a template comes in, its words and values in a file beside it, the filled document goes out.

Whatever a stranger's file does, it does to this process, which has no database and little memory.
"""

import json
import sys
from io import BytesIO
from pathlib import Path

from lianqiao.agreements.word.grammar import Filling, Refused, Words


def main(beside: str) -> int:
    given = json.loads(Path(beside).read_text(encoding="utf-8"))
    words = Words(frozenset(given["words"]["fields"]), given["words"]["lists"])
    template = Filling(BytesIO(sys.stdin.buffer.read()), words)
    try:
        template.fill(given["values"])
    except Refused as refused:
        print(refused.problem.code, refused.problem.what, file=sys.stderr)
        return 2
    out = BytesIO()
    template.save(out)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
