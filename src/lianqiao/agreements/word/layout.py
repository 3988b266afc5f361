"""Measures of official documents, GB/T 9704-2012, as our own defaults for agreements.

An agreement is no statutory document: it takes paper, type area and fonts from the standard, never the red head.
"""

from dataclasses import dataclass

# Of A4, in millimetres; the type area is 156 x 225.
WIDTH, HEIGHT = 210, 297
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35
# The page number's dash stands 7 mm below the type area; this is what is left down to the paper's edge.
FOOTER_DISTANCE = 23
LINES, CHARACTERS = 22, 28
# 225 mm in 22 lines, in twentieths of a point and in points.
LINE_PITCH = 579
LINE_POINTS = 28.95
# 16-point characters set so that 28 of them fill 156 mm, in 4096ths of a point.
CHARACTER_SPACE = -849
INDENT_CHARACTERS = 2


@dataclass(frozen=True)
class Type:
    """`font` is what Word calls it."""

    font: str
    points: float


# untranslated: names of fonts
TYPES = {
    "title": Type("方正小标宋简体", 22),
    "heading": Type("黑体", 16),
    "body": Type("仿宋_GB2312", 16),
    "page_number": Type("宋体", 14),
}
BODY, PAGE_NUMBER = TYPES["body"], TYPES["page_number"]
