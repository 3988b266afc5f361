"""Run every benchmark as a process of its own and write bench/RESULTS.md: machine, versions, commit, printed tables.

    python -m bench.run [scripts]

With names only these are run; the sections of the others stay as they were. A script that fails keeps its last words,
and the others go on.
"""

import datetime
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(__file__).parent
ROOT = BENCH.parent
RESULTS = BENCH / "RESULTS.md"
NOISE = "HighsMip"  # what the solver says of itself, whatever it was told
NOT_MEASURING = {"run", "fit_names", "reference_tables"}
PACKAGES = ["numpy", "scipy", "numba", "ortools", "rjieba", "ray", "bm25s", "sparse-dot-topn", "tantivy"]


def scripts() -> list[str]:
    able = [
        file.stem
        for file in sorted(BENCH.glob("*.py"))
        if '__name__ == "__main__"' in file.read_text("utf-8")
    ]
    return [name for name in able if name not in NOT_MEASURING]


def machine() -> str:
    rows = {
        "processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }
    return "\n".join(["| | |", "| --- | --- |", *(f"| {key} | {value} |" for key, value in rows.items())])


def commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    return git("rev-parse", "--short=12", "HEAD") + (
        " with changes" if git("status", "--porcelain", "-uno") else ""
    )


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def run(script: str) -> str:
    """Return the section of `script`; what it prints is shown meanwhile."""
    print(f"-- {script}", flush=True)
    busy = f"{os.getloadavg()[0]:.1f} processes wanted a core before"
    start, printed = time.perf_counter(), []
    command = [sys.executable, "-m", f"bench.{script}"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        for line in child.stdout or ():
            if line.startswith(NOISE):
                continue
            print(line, end="", flush=True)
            printed.append(line.rstrip().replace(str(ROOT.parent), ".."))
    ended = "" if child.returncode == 0 else f", failed with {child.returncode}"
    seconds = time.perf_counter() - start
    table = "\n".join(printed).strip("\n")
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    told = f"`python -m bench.{script}`, {seconds:.0f} s{ended}; {day}, commit {commit()}; {busy}"
    return f"## {script}\n\n{told}\n\n```\n{table}\n```\n"


def sections() -> dict[str, str]:
    """The sections of an earlier run, by script."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    found = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {section.split("\n")[0].removeprefix("## "): section for section in found}


def main() -> None:
    head = f"# Results\n\nWritten by `make bench`; [README.md](README.md) tells what is measured.\n\n{machine()}\n"
    for script in sys.argv[1:] or scripts():
        told = sections() | {script: run(script)}
        # After each one, so that an interrupted run keeps what it has.
        RESULTS.write_text(
            "\n".join([head, *(told[name] for name in scripts() if name in told)]), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
