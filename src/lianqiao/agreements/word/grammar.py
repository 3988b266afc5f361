"""What may stand in a template: names of fields, conditions on them, loops over lists that are known.

docxtpl hands a file's XML to Jinja as it is, attributes included, and Jinja in a stranger's file is a program. So each
part is parsed and refused unless it is made of these few things alone; the sandbox below is the second fence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

# A list: what each of its items has; TEXTS marks what is itself a list, of texts.
TEXTS = "texts"
Scope = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """`fields` are texts; `lists` have items: {"clauses": {"title": "", "paragraphs": TEXTS}}."""

    fields: frozenset[str]
    lists: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Problem:
    """`what` is the name or the tag; `place` says where: {"part", "paragraph", "text"}."""

    code: str
    what: str = ""
    place: dict[str, Any] | None = None


class Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, problem.what)
        self.problem = problem


def environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def problems_in(source: str, words: Words) -> Iterator[Problem]:
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        yield Problem("broken", str(error.message))
        return
    scope: Scope = dict.fromkeys(words.fields, "") | words.lists
    yield from walked(tree.body, scope)


def walked(body: list[Any], scope: Scope) -> Iterator[Problem]:
    for node in body:
        if isinstance(node, nodes.Output):
            for piece in node.nodes:
                if not isinstance(piece, nodes.TemplateData):
                    yield from expression(piece, scope)
        elif isinstance(node, nodes.If):
            yield from expression(node.test, scope, test=True)
            yield from walked([*node.body, *node.elif_, *node.else_], scope)
        elif isinstance(node, nodes.For):
            yield from loop(node, scope)
        else:
            yield Problem("not_allowed", type(node).__name__)


def loop(node: nodes.For, scope: Scope) -> Iterator[Problem]:
    items = value_of(node.iter, scope)
    plain = not (node.test or node.else_ or node.recursive)
    if (
        not isinstance(node.target, nodes.Name)
        or not plain
        or not (isinstance(items, dict) or items == TEXTS)
    ):
        yield Problem("no_such_list", name_of(node.iter))
        return
    inside = items if isinstance(items, dict) else ""
    # A loop's own name hides a field of that name, as it does in Jinja.
    yield from walked(node.body, scope | {node.target.name: Item(inside) if isinstance(inside, dict) else ""})


class Item(dict[str, str]):
    """One item of a list, in contrast to the list itself."""


def expression(node: nodes.Node, scope: Scope, *, test: bool = False) -> Iterator[Problem]:
    found = value_of(node, scope)
    if found is None:
        code = "unknown_field" if isinstance(node, nodes.Name | nodes.Getattr) else "not_allowed"
        yield Problem(code, name_of(node))
    elif found != "" and not test:
        yield Problem("list_as_field", name_of(node))


def value_of(node: nodes.Node, scope: Scope) -> Any:
    """ "" for a text, TEXTS, an Item or a dict for lists; None for what is not known or not allowed."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        owner = scope.get(node.node.name)
        return owner.get(node.attr) if isinstance(owner, Item) else None
    return None


def name_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{name_of(node.node)}.{node.attr}"
    return type(node).__name__


class Filling(DocxTemplate):
    """A template that is filled only as far as the grammar goes. `found` collects; without it the first is raised."""

    def __init__(self, file: Any, words: Words, found: list[Problem] | None = None) -> None:
        super().__init__(file)
        self.words, self.found = words, found

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        for problem in problems_in(src_xml, self.words):
            if self.found is None:
                raise Refused(problem)
            self.found.append(problem)
        if self.found:
            raise Refused(self.found[0])
        return str(super().render_xml_part(src_xml, part, context, jinja_env))

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """A file's properties hold no fields: nobody looks there for them."""

    def fill(self, context: dict[str, Any]) -> None:
        self.render(context, environment(), autoescape=True)
