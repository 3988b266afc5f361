"""Makes the .docx that an agreement is filled into, in the layout of an official document.

Nothing is shipped as a binary file: a template is made anew from an outline, and an office downloads, edits and
uploads its own.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lianqiao.agreements.word import layout
from lianqiao.agreements.word.layout import BODY, PAGE_NUMBER, TYPES, Type

LEFT, RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER


def made(lines: list[dict[str, str]]) -> bytes:
    """A document of these lines: {"text", "type"}, the type being title, number, heading, together or plain text."""
    document = Document()
    set_page(document)
    set_usual_style(document)
    for line in lines:
        write(document, line["text"], line.get("type", "body"))
    number_pages(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(layout.WIDTH), Mm(layout.HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    section.footer_distance = Mm(layout.FOOTER_DISTANCE)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(layout.LINE_PITCH))
    grid.set(qn("w:charSpace"), str(layout.CHARACTER_SPACE))
    section._sectPr.append(grid)


def set_usual_style(document: Any) -> None:
    style = document.styles["Normal"]
    set_font(style, BODY)
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(layout.LINE_POINTS)
    shape.space_before = shape.space_after = Pt(0)
    # The library's own template names its author.
    document.core_properties.author = document.core_properties.comments = ""


def write(document: Any, text: str, kind: str) -> None:
    font = TYPES.get(kind, BODY)
    row = document.add_paragraph()
    set_font(row.add_run(text), font)
    shape = row.paragraph_format
    if kind == "title":
        row.alignment, shape.space_after = CENTRE, Pt(layout.LINE_POINTS)
        # A line of 22 points does not fit into the grid's line.
        shape.line_spacing = Pt(layout.LINE_POINTS * 1.25)
    elif kind == "number":
        row.alignment, shape.space_after = RIGHT, Pt(layout.LINE_POINTS)
    else:
        indent(row, font)
        # Whoever signs finds name, signature and date of one party on one page.
        shape.keep_with_next = kind in ("together", "heading")


def indent(row: Any, font: Type) -> None:
    """In characters, so that it stays two of them whatever size staff choose in Word."""
    size = OxmlElement("w:ind")
    size.set(qn("w:firstLineChars"), str(layout.INDENT_CHARACTERS * 100))
    size.set(qn("w:firstLine"), str(int(layout.INDENT_CHARACTERS * font.points * 20)))
    row._element.get_or_add_pPr().append(size)


def set_font(styled: Any, font: Type) -> None:
    styled.font.name, styled.font.size = font.font, Pt(font.points)
    styled._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font.font)


def number_pages(document: Any) -> None:
    """— 1 —, at the right of odd pages and at the left of even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        row = footer.paragraphs[0]
        row.alignment = align
        shape = row.paragraph_format
        shape.left_indent = shape.right_indent = Pt(PAGE_NUMBER.points)
        for piece in number_pieces():
            run = row.add_run()
            set_font(run, PAGE_NUMBER)
            run._element.append(piece)


def number_pieces() -> Iterator[Any]:
    yield piece("w:t", "— ")
    for step in ("begin", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), step)
        yield mark
        if step == "begin":
            yield piece("w:instrText", "PAGE")
    yield piece("w:t", " —")


def piece(name: str, text: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element
