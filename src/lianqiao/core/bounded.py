"""Opens a file from outside in a process of its own, which the system lets have no more than it is given.

What a file unpacks to is not what it says of itself; whatever a parser does with it happens to that process.
"""

import resource
import runpy
import subprocess
import sys
from typing import BinaryIO

MEMORY = 1024**3
SECONDS = 60


def opened(
    module: str,
    *arguments: str,
    file: BinaryIO | None = None,
    out: BinaryIO | None = None,
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> subprocess.CompletedProcess[bytes]:
    """Run `module` as a program on `file`; a negative return code says that the system ended it."""
    command = [sys.executable, "-m", __name__, str(memory), str(seconds), module, *arguments]
    return subprocess.run(  # noqa: S603
        command,
        stdin=file or subprocess.DEVNULL,
        stdout=out or subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )


def main(memory: int, seconds: int, module: str) -> None:
    # The data of a process, not its address space: a library maps far more than it uses.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _, given_memory, given_seconds, program, *sys.argv[1:] = sys.argv
    main(int(given_memory), int(given_seconds), program)
