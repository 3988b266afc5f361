"""A program of its own: reads a template that somebody uploaded and says, as JSON, its fields and what is wrong where.

It looks three times: at the file's parts (nothing active, nothing from outside), at the text as a person sees it (for
the places), and at what would really be filled in (the grammar, which alone decides).
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateError
from lxml import etree

from lianqiao.agreements.word.grammar import TEXTS, Filling, Problem, Refused, Words

LARGEST_UNPACKED = 100 * 1024 * 1024
ACTIVE = re.compile(r"(vbaProject|activeX/|embeddings/|afchunk|\.bin$|\.mht$|\.html?$)", re.IGNORECASE)
FETCHING = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|RD|AUTOTEXT|MACROBUTTON)\b")
OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
OPENING = re.compile(r"\{\{|\}\}|\{%|%\}")
WHOLE = re.compile(r"\{%\s*(?:p|tr|tc)\s.*?%\}")
BEGINNING = re.compile(r"\{%\s*(?:p|tr|tc)?\s*(?:for|if)\s")
SIMPLE = re.compile(
    r"\{\{\s*[^\W\d]\w*(?:\.\w+)?\s*\}\}|\{%\s*(?:(?:p|tr|tc)\s+)?(?:for|if|else|endfor|endif)\b[\w\s.]*%\}"
)
NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)?")
# Brackets that an input method made, and that look like the right ones.
WIDE = re.compile(r"[｛{]\s*[｛{][^{}｛｝]*[｝}]\s*[｝}]")
QUOTED = 24


def check(content: bytes, words: Words, required: list[str]) -> dict[str, Any]:
    found: list[Problem] = list(active_parts(content))
    if found:
        return told(found, [])
    places = list(paragraphs(content))
    found = list(broken(places))
    used = names_used(places)
    if not found:
        found += in_grammar(content, words, places)
    if not found:
        found += [Problem("missing", name) for name in required if name not in used]
    return told(found, [name for name in used if name in words.fields or name in words.lists])


def told(found: list[Problem], fields: list[str]) -> dict[str, Any]:
    return {"fields": fields, "problems": [asdict(problem) for problem in found[:50]]}


def active_parts(content: bytes) -> Iterator[Problem]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            yield Problem("too_large")
            return
        for name in archive.namelist():
            if ACTIVE.search(name):
                yield Problem("active_content", name)
            if not name.endswith((".xml", ".rels")):
                continue
            data = archive.read(name)
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                yield Problem("active_content", name)
            elif name.endswith(".rels"):
                for match in OUTSIDE.finditer(data):
                    # A link to click is text; whatever Word would fetch by itself is not wanted.
                    if b"/hyperlink" not in match[0]:
                        yield Problem("outside_content", name)
            elif fetching := FETCHING.search(" ".join(instructions(data))):
                yield Problem("outside_content", fetching[0])


def instructions(data: bytes) -> Iterator[str]:
    if b"instrText" in data or b"fldSimple" in data:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        yield from (element.text or "" for element in root.iter(qn("w:instrText")))
        yield from (element.get(qn("w:instr")) or "" for element in root.iter(qn("w:fldSimple")))


def paragraphs(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each paragraph's text as a person reads it, however many pieces Word cut it into, and where it stands."""
    package = Document(BytesIO(content)).part.package
    for part in package.iter_parts():
        name = str(part.partname).lstrip("/")
        if not FILLED.fullmatch(name):
            continue
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        kind = re.sub(r"\d+$", "", Path(name).stem)
        for number, paragraph in enumerate(root.iter(qn("w:p")), start=1):
            text = "".join(text_of(paragraph))
            if text.strip():
                row = next(paragraph.iterancestors(qn("w:tr")), None)
                where = "table" if row is not None else kind
                yield text, {"part": where, "paragraph": number, "text": text.strip()[:QUOTED]}


def text_of(paragraph: Any) -> Iterator[str]:
    for piece in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        # A text box stands inside the paragraph it is anchored to, and has paragraphs of its own.
        if next(piece.iterancestors(qn("w:p"))) is paragraph:
            yield (piece.text or "") if piece.tag == qn("w:t") else " "


def broken(places: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    for text, place in places:
        for match in WIDE.finditer(text):
            if "｛" in match[0] or "｝" in match[0]:
                yield Problem("wide_brackets", match[0], place)
        rest = TAG.sub("", text)
        if stray := OPENING.search(rest):
            yield Problem("unclosed", rest[stray.start() : stray.start() + QUOTED], place)
        elif len(tags := WHOLE.findall(text)) > 1:
            yield Problem("two_in_a_paragraph", tags[0], place)
        elif tags and WHOLE.sub("", text).strip():
            yield Problem("text_beside_tag", text.strip()[:QUOTED], place)


def names_used(places: list[tuple[str, dict[str, Any]]]) -> list[str]:
    names: dict[str, None] = {}
    for text, _place in places:
        for tag in TAG.findall(text):
            names |= dict.fromkeys(NAME.findall(tag))
    return [
        name for name in names if name not in ("p", "tr", "tc", "for", "in", "if", "endfor", "endif", "else")
    ]


def in_grammar(content: bytes, words: Words, places: list[tuple[str, dict[str, Any]]]) -> list[Problem]:
    found: list[Problem] = []
    template = Filling(BytesIO(content), words, found)
    try:
        template.fill(samples(words))
        out = BytesIO()
        template.save(out)
        Document(BytesIO(out.getvalue()))
    except Refused:
        pass
    except (TemplateError, etree.LxmlError, ValueError, KeyError, AttributeError) as error:
        found.append(Problem("cannot_be_filled", type(error).__name__))
    return [replace(each, place=place_of(each, places)) for each in found]


def samples(words: Words) -> dict[str, Any]:
    """Every field filled and every list with two items, so that each branch is gone through."""
    lists = {
        name: [{key: ["x", "y"] if kind == TEXTS else "x" for key, kind in items.items()}] * 2
        for name, items in words.lists.items()
    }
    return dict.fromkeys(words.fields, "x") | lists


def place_of(problem: Problem, places: list[tuple[str, dict[str, Any]]]) -> dict[str, Any] | None:
    tags = [(tag, place) for text, place in places for tag in TAG.findall(text)]
    if problem.code == "broken":
        # Mostly a loop or a condition without its end: the last one that began is the likely one.
        return next((place for tag, place in reversed(tags) if BEGINNING.match(tag)), None)
    named = (place for tag, place in tags if problem.what in NAME.findall(tag) or problem.what in tag)
    odd = (place for tag, place in tags if not SIMPLE.fullmatch(tag))
    return next(named, None) or next(odd, None)


def main(beside: str) -> int:
    given = json.loads(Path(beside).read_text(encoding="utf-8"))
    words = Words(frozenset(given["words"]["fields"]), given["words"]["lists"])
    answer = check(sys.stdin.buffer.read(), words, given["required"])
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
