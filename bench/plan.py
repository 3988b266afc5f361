"""`lianqiao plan` on a workbook of 200 needs and 200 offers, from the start of the process to its end.

    python -m bench.plan [needs and offers a side]

The entries are those of ../shared/bench/generate_entries.py (needs jieba's dictionary). With everything that is
installed, and as a core install sees it: without numba and OR-Tools. The peer is the interpreter importing NumPy and
SciPy and writing an empty workbook, which no such program can avoid.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook

from .entries import GENERATOR, items

ROUNDS = 5
COMMAND = "from lianqiao.config.cli import main; main()"
CORE = "import sys; sys.modules.update(numba=None, ortools=None); " + COMMAND
PEER = (
    "import numpy, scipy.sparse, scipy.optimize, xlsxwriter, sys; xlsxwriter.Workbook(sys.argv[-1]).close()"
)
CATEGORIES = ["技术", "人才", "培训", "融资", "市场"]


def workbook(out: Path, many: int) -> None:
    """Three lists of `many` needs and as many offers, three quarters of them resources."""
    needs, offers = items(many, "need"), items(many, "offer")
    with Workbook(str(out)) as book:
        resources, services, wanted = (
            book.add_worksheet(name) for name in ("资源清单", "服务清单", "需求清单")
        )
        resources.write_row(0, 0, ["序号", "提供单位", "资源名称", "内容说明", "容量/次数", "有效期"])
        services.write_row(0, 0, ["序号", "责任单位", "服务事项", "服务内容", "次数上限", "有效期"])
        wanted.write_row(0, 0, ["序号", "企业名称", "需求类别", "需求描述", "期望完成时间"])
        for at, text in enumerate(offers["texts"]):
            sheet = services if at % 4 == 3 else resources
            row = at // 4 + 1 if at % 4 == 3 else at - at // 4 + 1
            unit, name = f"第{offers['owner'][at]}学院", text.split("。")[0]
            sheet.write_row(row, 0, [row, unit, name, text, int(offers["cap"][at]), "2030年12月31日"])
        for at, text in enumerate(needs["texts"], start=1):
            row = [at, f"江苏第{needs['owner'][at - 1]}建筑有限公司", CATEGORIES[at % 5], text, "2030年6月"]
            wanted.write_row(at, 0, row)


def main() -> None:
    if not GENERATOR.exists():
        print(f"{GENERATOR} is absent: nothing measured")
        return
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with TemporaryDirectory() as folder:
        lists, out = Path(folder) / "lists.xlsx", Path(folder) / "plan.xlsx"
        workbook(lists, many)
        arguments = ["plan", str(lists), "-o", str(out), "--json", str(out.with_suffix(".json"))]
        runs = {
            "imports and an empty workbook": [PEER, str(out)],
            "lianqiao plan": [COMMAND, *arguments],
            "lianqiao plan, core install": [CORE, *arguments],
            "lianqiao plan, core install, best": [CORE, *arguments, "--objective", "best"],
        }
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, (code, *rest) in runs.items():
                start = time.perf_counter()
                subprocess.run([sys.executable, "-c", code, *rest], check=True, capture_output=True)
                seconds[name].append(time.perf_counter() - start)
    print(f"{many} needs, {many} offers, {ROUNDS} interleaved rounds, seconds from process start\n")
    print("| | median | fastest | slowest |\n| --- | --- | --- | --- |")
    for name, taken in seconds.items():
        print(f"| {name} | {statistics.median(taken):.2f} | {min(taken):.2f} | {max(taken):.2f} |")


if __name__ == "__main__":
    main()
