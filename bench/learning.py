"""How often answers lead to a proposal: never when they follow nothing, always when they follow one group of addends.

    python -m bench.learning [seeds, 200]

Beside it, what the same regression would propose by the answers that it was fitted on: whenever it fits them better
than the score as it is.
"""

import sys

import numpy as np

from lianqiao_engine.learn.certainty import held_out
from lianqiao_engine.learn.evidence import Evidence
from lianqiao_engine.learn.fit import as_before, learned
from tests.engine.learn.made import GROUPS, answered, at_random, by

KINDS = {
    "at random": {"taken": at_random},
    "at random, six rounds": {"taken": at_random, "rounds": 6},
    "the first that will do": {"taken": at_random, "first_only": True, "needs": 400},
    "by the score as it is": {"taken": by([1] * 6)},
    "trades count double": {"taken": by([1, 1, 1, 2, 1, 1])},
    "trades count threefold": {"taken": by([1, 1, 1, 3, 1, 1])},
}


def fits_better(evidence: Evidence) -> bool:
    rows = np.arange(len(evidence.need))
    losses = (model(evidence, rows).losses(evidence, rows).sum() for model in (as_before, learned))
    before, after = losses
    return bool(after < before - 1e-9)


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{seeds} seeds; groups {', '.join(GROUPS)}")
    print(f"{'answers':<24} {'needs':>5} {'proposed':>9} {'fits better':>12} {'least chance':>13}")
    for name, how in KINDS.items():
        drawn = [answered(seed, **how) for seed in range(seeds)]
        certain = [held_out(evidence, seed) for seed, evidence in enumerate(drawn)]
        needs = np.mean([evidence.needs for evidence in drawn])
        proposed, naive = sum(one.enough for one in certain), sum(map(fits_better, drawn))
        least = min(one.chance for one in certain)
        print(f"{name:<24} {needs:>5.0f} {proposed:>9} {naive:>12} {least:>13.4f}", flush=True)


if __name__ == "__main__":
    main()
