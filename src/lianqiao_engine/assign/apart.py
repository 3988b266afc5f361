"""A large flow in a process of its own: OR-Tools holds the interpreter, so nothing could be told or stopped meanwhile."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from .clock import Clock
from .flow import best_flow
from .network import Longs, Network

# From this number of arcs on a flow may take longer than two seconds.
LARGE = 400_000
CHILD = "import sys; from lianqiao_engine.assign.apart import answer; answer(sys.argv[1])"
ARRAYS = ("tail", "head", "lower", "upper", "cost", "supply")


def best_flow_apart(network: Network, clock: Clock) -> Longs | None:
    """What `best_flow` returns. Tells `clock` meanwhile; raises OutOfTime when its time is over."""
    with tempfile.TemporaryDirectory(prefix="lianqiao-flow-") as folder:
        for name in ARRAYS:
            np.save(Path(folder, f"{name}.npy"), getattr(network, name))
        paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        child = subprocess.Popen([sys.executable, "-c", CHILD, folder], env=paths)  # noqa: S603
        try:
            while child.poll() is None:
                clock.check()
                _wait(child)
        finally:
            child.kill()
            child.wait()
        if child.returncode:
            raise RuntimeError(f"the flow solver ended with {child.returncode}")
        answer = Path(folder, "flow.npy")
        return np.load(answer) if answer.exists() else None


def answer(folder: str) -> None:
    """The child's part."""
    arrays = {name: np.load(Path(folder, f"{name}.npy")) for name in ARRAYS}
    flow = best_flow(Network(**arrays, candidates=0, scale=1.0))
    if flow is not None:
        np.save(Path(folder, "flow.npy"), flow)


def _wait(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        return
