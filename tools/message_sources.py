"""Finds the texts to be translated in Python and templates, and the Chinese that was written past translation."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import template as django_rules
from django.utils.translation import trim_whitespace

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# A comment that begins so says why a text is data and not words for a reader: of the text on its line, or of the
# whole statement below it.
UNTRANSLATED = "# untranslated:"
# What each positional argument of Django's functions is; the lazy and the noop forms follow.
PLAIN = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
FUNCTIONS = {name + form: roles for name, roles in PLAIN.items() for form in ("", "_lazy", "_noop")}


@dataclass(frozen=True)
class Message:
    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Found:
    """A message at its place, or, without a message, a finding there."""

    line: int
    message: Message | None = None
    finding: str = ""


def in_python(source: str) -> Iterator[Found]:
    tree, lines = ast.parse(source), source.splitlines()
    names = dict(FUNCTIONS) | {"_": ("msgid",)}
    spoken_for, excused = set(), excused_lines(tree, lines)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname: FUNCTIONS[a.name] for a in node.names if a.asname and a.name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            spoken_for.add(node.value)  # a docstring
        elif isinstance(node, ast.Call) and (roles := names.get(called(node))):
            arguments = node.args[: len(roles)]
            spoken_for |= {part for argument in arguments for part in ast.walk(argument)}
            yield from translation(node.lineno, roles, arguments)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or node in spoken_for:
            continue
        # Chinese by its code points ("\u4e00-\u9fff" in a pattern) is no text.
        written = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if CHINESE.search(node.value) and CHINESE.search(written) and node.lineno not in excused:
            yield Found(node.lineno, finding=f"Chinese outside gettext: {shortened(node.value)}")


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def translation(line: int, roles: tuple[str, ...], arguments: list[ast.expr]) -> Iterator[Found]:
    if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in arguments):
        yield Found(line, finding="an assembled text cannot be translated: use one literal with %(name)s")
    values = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    if len(values) == len(roles):
        yield Found(line, Message(**dict(zip(roles, values, strict=True))))


def excused_lines(tree: ast.Module, lines: list[str]) -> set[int]:
    marked = {number for number, line in enumerate(lines, start=1) if UNTRANSLATED in line}
    above = {number for number in marked if lines[number - 1].lstrip().startswith(UNTRANSLATED)}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno - 1 in above:
            marked |= set(range(node.lineno, node.end_lineno + 1))
    return marked


def shortened(text: str) -> str:
    return " ".join(text.split())[:40].encode(errors="backslashreplace").decode()


# What a reader of either language is meant to see in Chinese (the name of the language) says so by lang="zh…".
MEANT_CHINESE = re.compile(r'<(\w+)[^>]*\slang="zh[^"]*"[^>]*>.*?</\1>', re.DOTALL)
CODE_OR_HANZI = re.compile(rf"({{%.*?%}}|{{{{.*?}}}})|{CHINESE.pattern}")
CONTEXT = re.compile(r"""\bcontext\s+("[^"]*"|'[^']*')""")
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# <c-card :title="_('…')">: cotton resolves it, Django's lexer takes it for text.
COTTON_EXPRESSION = re.compile(r""":[\w-]+=(?:"[^"]*"|'[^']*')""")


def in_template(source: str) -> Iterator[Found]:
    source = HTML_COMMENT.sub(only_lines, source)
    source = MEANT_CHINESE.sub(lambda part: CODE_OR_HANZI.sub(lambda m: m[1] or "", part[0]), source)
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        contents = token.contents
        if token.token_type == TokenType.COMMENT:
            continue
        if token.token_type == TokenType.BLOCK:
            if contents.split()[:1] == ["comment"]:
                skip_comment(tokens)
                continue
            if inline := django_rules.inline_re.match(contents):
                yield Found(token.lineno, inline_message(inline))
                contents = contents[inline.end() :]
            elif django_rules.block_re.match(contents):
                yield from block(token, tokens)
                contents = CONTEXT.sub("", contents)
        yield from constants(token, contents)


def only_lines(match: re.Match) -> str:
    return "\n" * match[0].count("\n")


def constants(token, contents: str) -> Iterator[Found]:
    """The _("…") of a tag, a variable or a cotton attribute, and what Chinese is left without it."""
    places = [contents]
    if token.token_type == TokenType.TEXT:
        places = [match[0] for match in COTTON_EXPRESSION.finditer(contents)]
    for place in places:
        for literal in django_rules.constant_re.findall(place):
            yield Found(
                token.lineno + contents.count("\n", 0, contents.index(literal)), Message(msgid_of(literal))
            )
        contents = contents.replace(place, django_rules.constant_re.sub("", place))
    for offset, line in enumerate(contents.splitlines()):
        if CHINESE.search(line):
            yield Found(token.lineno + offset, finding=f"Chinese outside translate: {shortened(line)}")


def skip_comment(tokens: Iterator) -> None:
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents == "endcomment":
            return


def msgid_of(literal: str) -> str:
    # Django doubles the percent sign of a template's text before it looks the text up.
    return unescape_string_literal(literal).replace("%", "%%")


def context_of(part: str | None) -> str:
    words = list(smart_split(part or ""))
    return unescape_string_literal(words[words.index("context") + 1]) if "context" in words else ""


def inline_message(inline: re.Match) -> Message:
    return Message(msgid_of(inline[1]), context=context_of(inline[2]))


def block(opening, tokens: Iterator) -> Iterator[Found]:
    parts: dict[str, list[str]] = {"msgid": []}
    form = "msgid"
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[form].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts[form].append(f"%({token.contents})s")
            if not token.contents.isidentifier():
                yield Found(token.lineno, finding=f"bind it with `with` first: {token.contents}")
        elif token.token_type == TokenType.BLOCK and django_rules.plural_re.match(token.contents):
            form = "plural"
            parts[form] = []
        elif token.token_type == TokenType.BLOCK:
            break
    texts = {name: "".join(words) for name, words in parts.items()}
    if "trimmed" in opening.split_contents():
        texts = {name: trim_whitespace(text) for name, text in texts.items()}
    yield Found(opening.lineno, Message(**texts, context=context_of(opening.contents)))


SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def in_script(source: str) -> Iterator[Found]:
    """A script takes its words from data attributes, which the template translates."""
    source = SCRIPT_COMMENT.sub(only_lines, source)
    for number, line in enumerate(source.splitlines(), start=1):
        if CHINESE.search(line):
            yield Found(number, finding=f"Chinese in a script: {shortened(line)}")


# In these Chinese is content, or the Chinese half of something that has an English half beside it.
CHINESE_FOLDERS = {"demo", "zh_Hans"}
READERS = {".py": in_python, ".html": in_template, ".txt": in_template, ".js": in_script}


def files(root: Path) -> Iterator[tuple[Path, list[Found]]]:
    """Each file below the root that may speak to a reader, with what stands in it."""
    for path in sorted(root.rglob("*")):
        folders = path.relative_to(root).parts[:-1]
        if path.suffix not in READERS or "migrations" in folders:
            continue
        if path.suffix in (".html", ".txt") and "templates" not in folders:
            continue
        found = list(READERS[path.suffix](path.read_text(encoding="utf-8")))
        if CHINESE_FOLDERS.intersection(folders):
            found = [item for item in found if item.message]
        yield path, found
