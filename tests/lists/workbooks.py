"""Workbooks for the imports: a chain that they belong to, and how they are brought in."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from lianqiao.core.actor import Actor, Role
from lianqiao.lists.imports.actions.carrying import import_entries
from lianqiao.lists.imports.actions.steps import begin_import, check_import
from lianqiao.lists.models import Category, Import
from lianqiao.registry.models import Chain
from tests import factories as make
from tests.engine.sheets.workbooks import Page, of, write

NEEDS = "序号|企业名称|链上环节|需求类别|需求描述|紧急程度|期望完成时间|期望合作方式|可投入(万元/人)|联系人|联系电话|来源"


def no_step(count: int) -> None:
    """Nobody watches."""


def chain_with_words() -> Chain:
    on = make.chain()
    for kind, names in (("need", "技术 人才 培训"), ("resource", "师资 设备 阵地")):
        for name in names.split():
            Category.objects.create(chain=on, kind=kind, name=name)
    make.segment(on, "施工")
    return on


def office(on: Chain) -> Actor:
    return make.actor(Role.OFFICE_STAFF, on)


def content_of(pages: Sequence[Page]) -> bytes:
    with TemporaryDirectory() as folder:
        return write(Path(folder, "a.xlsx"), pages).read_bytes()


def needs(*rows: str, head: str = NEEDS) -> bytes:
    return content_of([Page("需求清单", [of(head), *map(of, rows)])])


def checked(content: bytes, by: Actor, on: Chain, name: str = "三张清单.xlsx") -> Import:
    """Uploaded and checked, as the job does it."""
    imported = begin_import(by=by, chain=on, name=name, content=content)
    check_import(imported, by=by, today=timezone.localdate(), step=no_step)
    return Import.objects.get(pk=imported.pk)


def carried_out(imported: Import, by: Actor) -> Import:
    import_entries(Import.objects.get(pk=imported.pk), by=by, now=timezone.now(), step=no_step)
    return Import.objects.get(pk=imported.pk)


def book(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Sheets and rows of a workbook that was given back."""
    from python_calamine import CalamineWorkbook

    opened = CalamineWorkbook.from_filelike(BytesIO(content))
    return [(name, opened.get_sheet_by_name(name).to_python()) for name in opened.sheet_names]
