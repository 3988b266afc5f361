"""Fit src/lianqiao_engine/names/likeness.tsv on the given half of the names benchmark: needs numpy, some minutes.

    python bench/fit_names.py            five-fold check of acc@1, acc@5, hard; then writes the weights

What is learned is 2 x 30 weights of structure (evidence.py), never a name. Samples, each with its candidates and the
outside option "none of them": listed short names with their answer, and with the answer taken out of the index; full
names spoiled as offices spoil them (place left out, a homophone, a slip, another form ...), with the answer and
without; and names that must not be taken for another: another 字号, 第一 and 第二, a company and a school, a bare place.
The fit is a conditional logit with a small ridge (full-batch Adam).
"""

import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from bench.names import FOLDER, full_names, short_names
from lianqiao_engine.names.alignment import Side
from lianqiao_engine.names.evidence import MEASURES, evidence
from lianqiao_engine.names.index import NameIndex
from lianqiao_engine.names.lexicon import look_alikes, words_of
from lianqiao_engine.names.likeness import aligned
from lianqiao_engine.text.sounds import sound_of

WEIGHTS = Path(__file__).parents[1] / "src/lianqiao_engine/names/likeness.tsv"
HEAD = """\
# Weight of each measure of evidence.py in the log-odds that two names mean one organisation: first for a short name
# without its kind (博智咨询), then for one that is written out. Fitted by bench/fit_names.py.
"""
COLUMN = len(MEASURES) + 1
IMPORTANCE = {"short": 3.0, "sounds like short": 0.5, "bare place": 4.0, "bare trade": 2.0}
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
KINDS = ["学院", "协会", "研究院", "事务所", "委员会", "管理处"]


class Samples:
    """Candidates of each sample as rows of evidence, the number of the right one, and how much it counts."""

    def __init__(self, seed: int = 5) -> None:
        self.random = random.Random(seed)
        self.full = full_names()
        self.index = NameIndex(self.full)
        self.sides = [self.index.prepared(name) for _, name in self.full]
        in_brands = Counter(
            char for side in self.sides for char in side.core[side.brand_start : side.brand_end]
        )
        self.frequent = [char for char, _ in in_brands.most_common(600)]
        self.alike: dict[str, list[str]] = defaultdict(list)
        for char, _ in in_brands.most_common(1500):
            self.alike[sound_of(char)].append(char)
        self.rows: list[list[list[float]]] = []
        self.right: list[int | None] = []
        self.counts: list[float] = []
        self.kinds: list[tuple[str, str]] = []

    def ask(self, kind: str, query: str, right: str | None, without: str | None = None) -> None:
        """Add `query` with its candidates; `right` is the full name meant, `without` one taken out."""
        asked = self.index.prepared(query)
        held = [side for _, side in self.index.worth_comparing(asked) if side.name != without]
        held = held if kind == "short" else held[:20]
        number = next((at for at, side in enumerate(held) if side.name == right), None)
        if held and (right is None or number is not None or kind == "short"):
            self.add(kind, asked, held, number)

    def add(self, kind: str, asked: Side, held: list[Side], number: int | None) -> None:
        self.rows.append([measured(asked, side) for side in held])
        self.right.append(number)
        self.counts.append(IMPORTANCE.get(kind, 1.0))
        self.kinds.append((kind, asked.name))

    def collect(self) -> None:
        pick, listed = self.random, short_names()
        for short, full, _ in listed:
            self.ask("short", short, full)
        for short, full, _ in pick.sample(listed, 1500):
            self.ask("answer absent", short, None, full)
        for short, full, _ in pick.sample(listed, 1200):
            if heard := self.misheard(short):
                self.ask("sounds like short", heard, full)
                self.ask("sounds like short", heard, None, full)
        for side in pick.sample(self.sides, 1500):
            self.ask("new", side.name, None, side.name)
        for side in pick.sample(self.sides, 2200):
            self.ask("spoiled", pick.choice(self.spoiled(side)), side.name)
            self.ask("spoiled, absent", pick.choice(self.spoiled(side)), None, side.name)
        for side in pick.sample(self.sides, 1200):
            self.ask(
                "another brand", self.other_brand(side), None, side.name if not has_brand(side) else None
            )
        for place in pick.sample(sorted(words_of("regions.tsv")), 200):
            self.ask("bare place", place + pick.choice(["", "市", "省"]), None)
        for trade in pick.sample(sorted(words_of("trades.tsv")), 200):
            self.ask("bare trade", trade + pick.choice(["", "有限公司", "集团"]), None)
        for side in pick.sample(self.sides, 400):
            self.sisters(side)

    def misheard(self, short: str) -> str | None:
        """`short` with one of the first two characters of its 字号 replaced by another of the same sound."""
        side = self.index.prepared(short)
        at = side.brand_start + self.random.randrange(2)
        others = [
            char for char in self.alike.get(sound_of(side.core[at : at + 1]), ()) if char != side.core[at]
        ]
        return side.core[:at] + self.random.choice(others) + side.core[at + 1 :] if others else None

    def spoiled(self, side: Side) -> list[str]:
        """The same organisation as offices write it."""
        pick, core, form = self.random, side.core, without_kind(side)
        place, brand, trade = cut(side)
        words = sorted(start for start in side.parts.starts if start > side.parts.brand_end)
        at = pick.randrange(len(core) - 1)
        names = [
            brand + trade + form,
            core,
            brand + trade or core,
            core + pick.choice([other for other in FORMS if other != form]),
            core[:at] + core[at + 1] + core[at] + core[at + 2 :] + form,
            core[:at] + core[at + 1 :] + form,
            core[:at] + pick.choice(self.frequent) + core[at:] + form,
        ]
        if words:
            first, last = words[0], words[-1]
            names += [core[:last] + form, core[:first] + form]
            names += [place + brand + core[first:] + core[side.parts.brand_end : first] + form]
        if brand:
            at = pick.randrange(len(brand))
            swaps = [*self.alike[sound_of(brand[at])], *look_alikes().get(brand[at], ())]
            names += [place + brand[:at] + char + brand[at + 1 :] + trade + form for char in swaps[:2]]
        if trade:
            at = pick.randrange(len(trade))
            names.append(place + brand + trade[:at] + pick.choice(self.frequent) + trade[at + 1 :] + form)
            general = [
                w for w, what in words_of("trades.tsv").items() if what == "general" and w not in trade
            ]
            names.append(core + pick.choice(general) + form)
            names += [
                core.replace(w, pick.choice(general)) + form for w in words_of("trades.tsv") if trade == w
            ]
        if place and brand:
            names += [f"{brand}({place}){trade}{form}", brand + place + trade + form]
        return [name for name in names if len(name) > 1]

    def other_brand(self, side: Side) -> str:
        """A sister of the same place and trade whose 字号 differs in one character or in two."""
        place, brand, trade = cut(side)
        new, other = self.random.sample(self.frequent, 2)
        at = self.random.randrange(len(brand)) if brand else 0
        if len(brand) < 2 or sound_of(new) == sound_of(brand[at]) or new in look_alikes().get(brand[at], ()):
            return place + new + other + trade + "有限公司"
        return place + brand[:at] + new + brand[at + 1 :] + trade + "有限公司"

    def sisters(self, side: Side) -> None:
        """Pairs that differ by a number in a series or by their kind."""
        place, brand, trade = cut(side)
        one, other = self.random.sample("一二三四五六七八九", 2)
        kind, other_kind = self.random.sample(KINDS, 2)
        for asked, held in (
            (f"{place}{brand}第{one}{trade}有限公司", f"{place}{brand}第{other}{trade}有限公司"),
            (f"{place}第{one}{trade}有限公司", f"{place}第{other}{trade}有限公司"),
            (f"{side.core}有限公司", f"{side.core}{kind}"),
            (f"{side.core}{other_kind}", f"{side.core}{kind}"),
        ):
            self.add("sisters", self.index.prepared(asked), [self.index.prepared(held)], None)


def cut(side: Side) -> tuple[str, str, str]:
    start, end = side.parts.brand_start, side.parts.brand_end
    return side.core[:start], side.core[start:end], side.core[end:]


def has_brand(side: Side) -> bool:
    return side.parts.brand_end - side.parts.brand_start >= 2


def without_kind(side: Side) -> str:
    """The form that is not part of the core already."""
    return "" if side.core.endswith(side.parts.form) else side.parts.form


def measured(asked: Side, held: Side) -> list[float]:
    """The evidence in the column that counts for it, with 1 for the constant."""
    short, long, pairs = aligned(asked, held)
    row, empty = [*evidence(short, long, pairs), 1.0], [0.0] * COLUMN
    return empty + row if short.parts.kind else row + empty


class Table:
    """All candidates below one another: evidence, where each sample begins, the row of the right one or -1 for none."""

    def __init__(self, samples: Samples, chosen: np.ndarray) -> None:
        picked = np.flatnonzero(chosen)
        sizes = np.array([len(samples.rows[number]) for number in picked])
        self.rows = np.concatenate([np.array(samples.rows[number], np.float32) for number in picked])
        self.starts = np.concatenate([[0], sizes.cumsum()[:-1]])
        self.sample = np.repeat(np.arange(len(picked)), sizes)
        inside = np.array(
            [-1 if samples.right[number] is None else samples.right[number] for number in picked]
        )
        self.right = (self.starts + inside)[inside >= 0]
        self.counts = np.array([samples.counts[number] for number in picked], np.float32)


def fit(table: Table, steps: int = 400, ridge: float = 3e-4) -> np.ndarray:
    """Weights that make the right candidates, or none, likeliest."""
    scale = np.sqrt((table.rows**2).mean(0)) + 1e-9
    scaled = table.rows / scale
    weights, mean, square = (np.zeros(2 * COLUMN, np.float32) for _ in range(3))
    for step in range(1, steps + 1):
        odds = np.exp(np.clip(scaled @ weights, -50, 50))
        share = odds / (1 + np.add.reduceat(odds, table.starts))[table.sample]
        share[table.right] -= 1
        slope = scaled.T @ (share * table.counts[table.sample]) / table.counts.sum() + ridge * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = 0.08 if step <= steps * 0.8 else 0.008
        weights = weights - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights / scale


def main() -> None:
    if not FOLDER.exists():
        sys.exit(f"{FOLDER} is absent: nothing fitted")
    samples = Samples()
    samples.collect()
    listed = np.array([kind == "short" for kind, _ in samples.kinds])
    found = np.array([number is not None for number in samples.right])
    usable = found | ~listed  # a short name whose answer is no candidate teaches nothing
    fold = np.random.default_rng(1).integers(5, size=len(listed))
    rank = np.full(len(listed), 999)
    for held_back in range(5):
        weights = fit(Table(samples, (fold != held_back) & usable))
        for number in np.flatnonzero((fold == held_back) & listed & found):
            odds = np.array(samples.rows[number], np.float32) @ weights
            rank[number] = (odds >= odds[samples.right[number]]).sum()
    hard = {short for short, _, is_hard in short_names() if is_hard}
    is_hard = np.array([name in hard for _, name in samples.kinds]) & listed
    print(
        f"five-fold: acc@1 {(rank[listed] == 1).mean():.4f}  acc@5 {(rank[listed] <= 5).mean():.4f}"
        f"  hard {(rank[is_hard] == 1).mean():.4f}"
    )
    weights = fit(Table(samples, usable))
    lines = zip([*MEASURES, "constant"], weights[:COLUMN], weights[COLUMN:], strict=True)
    WEIGHTS.write_text(
        HEAD + "".join(f"{name}\t{one:.3f} {other:.3f}\n" for name, one, other in lines), "utf-8"
    )


if __name__ == "__main__":
    main()
