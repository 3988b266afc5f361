"""Two versions clause by clause, with what was put in and what was taken out."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from lianqiao.agreements.models import AgreementVersion
from lianqiao.agreements.text import ClauseRead, read

# A Chinese character is a word by itself; a number or a Latin word is one as a whole.
WORD = re.compile(r"[0-9A-Za-z.%]+|.", re.DOTALL)
Piece = tuple[str, str]  # "same", "added" or "removed"; the text


@dataclass(frozen=True)
class Compared:
    """`state`: same, changed, added, removed."""

    key: str
    title: str
    state: str
    pieces: list[Piece]


def compared(old: AgreementVersion, new: AgreementVersion) -> list[Compared]:
    """In the order of the new text, then what is no more in it."""
    before = {each.key: each for each in read(old.clauses, old.fields).clauses}
    after = {each.key: each for each in read(new.clauses, new.fields).clauses}
    found = [compare(key, before.get(key), clause) for key, clause in after.items()]
    return found + [compare(key, clause, None) for key, clause in before.items() if key not in after]


def compare(key: str, old: ClauseRead | None, new: ClauseRead | None) -> Compared:
    title = (new or old).title  # type: ignore[union-attr]
    if old is None or new is None:
        state = "added" if old is None else "removed"
        return Compared(key, title, state, [(state, whole(new or old))])
    pieces = changed(whole(old), whole(new))
    state = "same" if all(kind == "same" for kind, _text in pieces) else "changed"
    return Compared(key, title, state, pieces)


def whole(clause: ClauseRead | None) -> str:
    return "\n".join([clause.title, *clause.paragraphs]).strip() if clause else ""


def changed(old: str, new: str) -> list[Piece]:
    before, after = WORD.findall(old), WORD.findall(new)
    pieces: list[Piece] = []
    # Without the junk heuristic: in a long text it would call the commonest characters noise.
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(before[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(("removed", "".join(before[i1:i2])))
        if j1 < j2:
            pieces.append(("added", "".join(after[j1:j2])))
    return pieces
