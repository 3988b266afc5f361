"""Bounded programs without their start: one process has imported them and makes a copy of itself for each.

`core.bounded` starts a Python for every file from outside, and most of what that costs is imports: half a second for a
text of three lines. The copy has the same limits, the same arguments and the same files. `tests/lists/test_import_bad.py`,
which is about those limits, starts each in earnest.
"""

import gc
import importlib
import json
import os
import socket
import subprocess
import sys
import traceback
from tempfile import TemporaryFile
from threading import Lock
from typing import Any, BinaryIO

from lianqiao.core import bounded

PROGRAMS = (
    "lianqiao_engine.capture.__main__",
    "lianqiao_engine.sheets.__main__",
    "lianqiao.registry.workbooks",
)


class Forking:
    """Stands for `bounded.opened`; the process that is copied begins with the first call."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.process: subprocess.Popen | None = None

    def begin(self) -> None:
        self.ours, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(number)], pass_fds=[number], stdin=subprocess.DEVNULL
            )

    def opened(
        self,
        module: str,
        *arguments: str,
        file: BinaryIO | None = None,
        out: BinaryIO | None = None,
        memory: int = bounded.MEMORY,
        seconds: int = bounded.SECONDS,
    ) -> subprocess.CompletedProcess[bytes]:
        asked = [module, *arguments]
        with open(os.devnull, "rb") as nothing, TemporaryFile() as told, TemporaryFile() as said, self.lock:
            if self.process is None:
                self.begin()
            files = [one.fileno() for one in (file or nothing, out or told, said)]
            request = json.dumps([memory, seconds, asked]).encode()
            socket.send_fds(self.ours, [len(request).to_bytes(8, "big")], files)
            self.ours.sendall(request)
            code = int.from_bytes(self.ours.recv(4), "big", signed=True)
            for one in (told, said):
                one.seek(0)
            return subprocess.CompletedProcess(asked, code, None if out else told.read(), said.read())

    def end(self) -> None:
        if self.process is not None:
            self.ours.close()
            self.process.wait()


def become(files: list[int], memory: int, seconds: int, asked: list[str]) -> int:
    """In the copy: the exit code of the program that `asked` names."""
    for place, number in enumerate(files):
        os.dup2(number, place)
    sys.argv = ["", *asked[1:]]
    try:
        bounded.main(memory, seconds, asked[0])
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def answer(there: socket.socket) -> bool:
    """Whether there was another call."""
    size, files, *_ = socket.recv_fds(there, 8, 3)
    if not size:
        return False
    request: list[Any] = json.loads(there.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    child = os.fork()
    if child == 0:
        code = become(files, *request)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    for number in files:
        os.close(number)
    there.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
    return True


if __name__ == "__main__":
    for program in PROGRAMS:
        importlib.import_module(program)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as here:
        while answer(here):
            pass
