"""A briefing as a Word document in the layout of official papers, which staff go on with in Word."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from lianqiao.agreements.word.layout import BODY, Type
from lianqiao.agreements.word.making import number_pages, set_font, set_page, set_usual_style, write

# The standard leaves tables to the office; one size below the text is what offices use.
CELL = Type(BODY.font, 12)
# untranslated: the name of a font
HEAD = Type("黑体", 12)
CELL_LINE = 20


def briefing_document(lines: list[dict[str, Any]]) -> bytes:
    """`lines` have a type: title, number, heading, body, right, or table with heads and rows."""
    document = Document()
    set_page(document)
    set_usual_style(document)
    for line in lines:
        if line["type"] == "table":
            add_table(document, line["heads"], line["rows"])
        elif line["type"] == "centre":
            centred(document, line["text"])
        else:
            write(document, line["text"], line["type"])
    number_pages(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def centred(document: Any, text: str) -> None:
    write(document, text, "number")
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def add_table(document: Any, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(heads))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for number, texts in enumerate([heads, *rows]):
        row = table.add_row()
        if number == 0:
            repeat(row)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(CELL_LINE)
            if column and number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            set_font(paragraph.add_run(text), HEAD if number == 0 else CELL)
    # Word joins two tables that follow each other, and sets text close under one.
    document.add_paragraph()


def repeat(row: Any) -> None:
    """On every page that the table goes on."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
