"""Translations without GNU gettext: the source is Chinese, the English stands in locale/en.

python tools/messages.py update    take over what the code says: new texts untranslated, vanished ones gone
python tools/messages.py check     fail on what a reader of either language would stumble over
python tools/messages.py compile   write the .mo files that Django reads
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from message_sources import Message, files

ROOT = Path(__file__).parents[1]
# The engine is not among it: it speaks in codes and numbers, and what Chinese it holds is data.
SOURCE = ROOT / "src" / "lianqiao"
LOCALE = SOURCE / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
# No date, no author, no version: nothing that changes without a text changing.
HEADER = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
# An English text holds neither ideographs nor the punctuation that goes with them.
CHINESE_OR_ITS_PUNCTUATION = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0-9.]*[a-zA-Z]|%[-+#0-9.]*[a-zA-Z]|\{\w*\}")


def messages(source: Path) -> dict[Message, str]:
    """Every message with the first place where it stands."""
    places: dict[Message, str] = {}
    for path, found in files(source):
        for item in found:
            if item.message:
                places.setdefault(item.message, f"{shown(path)}:{item.line}")
    return places


def shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def read(path: Path) -> polib.POFile:
    # Unwrapped: a changed word then changes one line.
    return polib.pofile(str(path) if path.exists() else "", wrapwidth=0)


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def fresh(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    return entry


def update(source: Path, catalogue: Path) -> str:
    wanted = messages(source)
    known = {key(entry): entry for entry in read(catalogue) if not entry.obsolete}
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = HEADER
    for message in sorted(wanted, key=lambda message: (message.msgid, message.context, message.plural)):
        entry = known.get(message) or fresh(message)
        entry.occurrences = []
        merged.append(entry)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    merged.save(str(catalogue), newline="\n")
    new, gone = len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())
    return f"{len(merged)} texts: {new} new, {gone} gone, {len(merged.untranslated_entries())} untranslated"


def check(source: Path, catalogue: Path) -> list[str]:
    """What is wrong, each with its place."""
    wrong = [
        f"{shown(path)}:{item.line}: {item.finding}"
        for path, found in files(source)
        for item in found
        if item.finding
    ]
    entries = {key(entry): entry for entry in read(catalogue) if not entry.obsolete}
    wanted = messages(source)
    for message, place in wanted.items():
        if message not in entries:
            wrong.append(f"{place}: not collected, run `make messages`: {message.msgid}")
    for message, entry in entries.items():
        place = wanted.get(message, f"{shown(catalogue)}:{entry.linenum}")
        wrong += [f"{place}: {reason}: {message.msgid}" for reason in faults(entry)]
    return sorted(wrong)


def faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "marked fuzzy"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(texts):
        yield "untranslated"
        return
    expected = placeholders(entry.msgid_plural or entry.msgid)
    # "One entry" may leave the number out; nothing may be put in that nobody fills.
    if placeholders(texts[-1]) != expected or any(not placeholders(text) <= expected for text in texts):
        yield "placeholders differ"
    if any(CHINESE_OR_ITS_PUNCTUATION.search(text) for text in texts):
        yield "Chinese in the translation"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def compile_all(locale: Path) -> None:
    for path in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        read(path).save_as_mofile(str(path.with_suffix(".mo")))


def main() -> int:
    command = sys.argv[1:]
    if command == ["update"]:
        print(update(SOURCE, ENGLISH))
    elif command == ["compile"]:
        compile_all(LOCALE)
    elif command == ["check"]:
        wrong = check(SOURCE, ENGLISH)
        print("\n".join(wrong), end="\n" if wrong else "")
        return 1 if wrong else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
