"""How much of what a text says is captured, and how much is made up: precision and recall of entries and of pairs.

    python -m bench.capture [--faults]

Over the annotated texts of tests/engine/capture/texts: `first` was there while the rules were written, `second` was
written before anybody looked at how the rules do on it; what later work did with its faults is said in the decisions.
"""

import sys
from time import process_time

from tests.engine.capture.annotated import (
    captured,
    entries_missed_and_made_up,
    pairs_missed_and_made_up,
    texts_of,
)

MEASURED = {"entry": entries_missed_and_made_up, "pair": pairs_missed_and_made_up}


def main() -> None:
    faults = "--faults" in sys.argv[1:]
    for half in ("first", "second", "third", "fourth", "fifth"):
        texts = texts_of(half)
        began = process_time()
        found = [(text, captured(text)) for text in texts]
        spent = process_time() - began
        characters = sum(len(text.text) for text in texts)
        print(f"{half}: {len(texts)} texts, {characters} characters, {spent:.2f} s CPU")
        for what, measure in MEASURED.items():
            wanted = sum(len(text.of(what)) for text in texts)
            missed, made_up = 0, 0
            for text, one in found:
                lost, extra = measure(text, one)
                missed, made_up = missed + len(lost), made_up + len(extra)
                if faults and (lost or extra):
                    print(f"  {text.name} {what}: missed {lost}; made up {extra}")
            right = wanted - missed
            precision = right / max(right + made_up, 1)
            print(f"  {what:6} precision {precision:.3f}  recall {right / max(wanted, 1):.3f}  of {wanted}")


if __name__ == "__main__":
    main()
