"""An import of 100,000 rows x 12 columns: checked, carried out, taken back; seconds and memory.

    python -m bench.imports [rows]
    python tools/postgres.py python -m bench.imports [rows]

In an installation of its own in a temporary folder, on the database that DATABASE_URL names, else on SQLite. What is
asked for: checked in 5 s, carried out in 60 s, at most 500 MB in any process. The check is the whole job: reading in
its bounded process, comparing with the register and the lists. Memory is the most that this process, and the largest
of its children, ever held.
"""

import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook

HEADS = [
    "序号",
    "企业名称",
    "链上环节",
    "需求类别",
    "需求描述",
    "紧急程度",
    "期望完成时间",
    "期望合作方式",
    "可投入(万元/人)",
    "联系人",
    "联系电话",
    "来源",
]
WORDS = [
    "幕墙",
    "装配式",
    "BIM",
    "造价",
    "钢结构",
    "混凝土",
    "检测",
    "监理",
    "劳务",
    "装饰",
    "机电",
    "智能化",
    "绿色",
    "施工",
    "设计",
    "咨询",
    "人才",
    "培训",
    "实训",
    "设备",
    "平台",
    "标准",
    "认证",
    "软件",
    "运维",
]
ORGANISATIONS = 300
ASKED = {"check": "<= 5 s", "carry out": "<= 60 s"}


def organisation(number: int) -> str:
    return f"江苏{WORDS[number % len(WORDS)]}第{number}工程有限公司"


def workbook(rows: int) -> bytes:
    pick = random.Random(1)
    with TemporaryDirectory() as folder:
        file = Path(folder, "needs.xlsx")
        with Workbook(str(file), {"constant_memory": True}) as book:
            sheet = book.add_worksheet("需求清单")
            sheet.write_row(0, 0, HEADS)
            for row in range(1, rows + 1):
                some = [pick.choice(WORDS) for _ in range(4)]
                text = f"需要{some[0]}{some[1]}方面的第{row}项{some[2]}支持，用于{some[3]}项目，三个月内完成并培训{pick.randrange(50)}人"
                sheet.write_row(row, 0, [
                    row, organisation(pick.randrange(ORGANISATIONS)), "施工", "技术", text, pick.choice(["紧急", "一般"]),
                    f"2027-0{pick.randrange(1, 9)}-1{pick.randrange(9)}", "联合攻关", f"{pick.randrange(1, 90)}万元",
                    f"张{pick.choice('一二三四五六')}", f"138{pick.randrange(10**8):08d}", "座谈",
                ])  # fmt: skip
        return file.read_bytes()


def processor() -> float:
    """Seconds of a processor that this process and its children took: beside others, wall time says little."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(name: str, work: Callable[[], Any], out: dict[str, list[float]]) -> Any:
    """`out` gets wall seconds and processor seconds."""
    began, used = time.perf_counter(), processor()
    done = work()
    out[name] = [round(time.perf_counter() - began, 2), round(processor() - used, 2)]
    return done


def measure(rows: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 - after the settings' environment is made

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from lianqiao.core.actor import Role  # noqa: PLC0415
    from lianqiao.core.audit import verify  # noqa: PLC0415
    from lianqiao.lists.imports.actions.undoing import undo_import  # noqa: PLC0415
    from lianqiao.lists.models import Entry  # noqa: PLC0415
    from tests import factories as make  # noqa: PLC0415
    from tests.lists.workbooks import carried_out, checked, no_step  # noqa: PLC0415

    on = make.chain()
    for number in range(ORGANISATIONS):
        make.member(on, organisation(number))
    make.segment(on, "施工")
    make.category(on, name="技术")
    by = make.actor(Role.OFFICE_STAFF, on)
    content = workbook(rows)
    seconds: dict[str, list[float]] = {}
    imported = timed("check", lambda: checked(content, by, on), seconds)
    counts = imported.counts
    imported = timed("carry out", lambda: carried_out(imported, by), seconds)
    entries = Entry.objects.count()
    timed("undo", lambda: undo_import(imported, by=by, step=no_step), seconds)
    memory = {
        "this process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "the reader": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    return {"database": connection.vendor, "rows": rows, "size": len(content), "counts": counts,
            "entries": entries, "whole": verify().is_whole, "wall and processor seconds": seconds, "memory MB": memory}  # fmt: skip


def told(measured: dict[str, Any]) -> str:
    """The figures as a table, beside what is asked for."""
    lines = [
        f"{measured['rows']} rows x {len(HEADS)} columns, {measured['size'] / 2**20:.1f} MB, on {measured['database']}"
    ]
    lines.append(f"{'':16}{'wall s':>8}{'CPU s':>8}  asked for")
    for name, (wall, used) in measured["wall and processor seconds"].items():
        lines.append(f"{name:16}{wall:8.1f}{used:8.1f}  {ASKED.get(name, '')}")
    for name, size in measured["memory MB"].items():
        lines.append(f"{name:16}{size:8} MB         <= 500 MB")
    made = {key: measured["counts"][key] for key in ("rows", "new", "refused", "twins")}
    return "\n".join(
        [*lines, f"{made}, {measured['entries']} entries written, trail whole: {measured['whole']}"]
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings", "LIANQIAO_DATA": folder,
            "LIANQIAO_SECRET_KEY": "bench", "LIANQIAO_QUEUE": "",
        }  # fmt: skip
        print(told(measure(rows)))


if __name__ == "__main__":
    main()
