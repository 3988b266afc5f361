from lianqiao.lists.models.around import Attachment, Comment, EntryMerge, Wish
from lianqiao.lists.models.asking import Asking
from lianqiao.lists.models.capture import Capture, CapturedEntry
from lianqiao.lists.models.category import Category, Kind
from lianqiao.lists.models.entry import Dimension, Entry
from lianqiao.lists.models.habits import USUAL, FreshnessRule, PublicList, SavedFilter
from lianqiao.lists.models.imports import (
    ColumnMemory,
    Import,
    ImportedRow,
    ImportName,
    ImportProblem,
    ImportTwin,
)

__all__ = [
    "USUAL",
    "Asking",
    "Attachment",
    "Capture",
    "CapturedEntry",
    "Category",
    "ColumnMemory",
    "Comment",
    "Dimension",
    "Entry",
    "EntryMerge",
    "FreshnessRule",
    "Import",
    "ImportName",
    "ImportProblem",
    "ImportTwin",
    "ImportedRow",
    "Kind",
    "PublicList",
    "SavedFilter",
    "Wish",
]
