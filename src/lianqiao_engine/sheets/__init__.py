"""The lists of an office, read from a workbook as they are kept there."""

from .model import BadWorkbook, Column, Kind, Line, Lists, Remark, Remembered, Sheet, Value, What
from .reader import read_lists

__all__ = [
    "BadWorkbook",
    "Column",
    "Kind",
    "Line",
    "Lists",
    "Remark",
    "Remembered",
    "Sheet",
    "Value",
    "What",
    "read_lists",
]
