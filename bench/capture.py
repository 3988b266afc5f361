"""How much of what a text says is captured, and how much is made up: precision and recall of entries and of pairs.

    python -m bench.capture [--faults]

Over the annotated texts of tests/engine/capture/texts. `first` was there while the rules were written; each other set was
written before anybody looked at how the rules do on it, and its faults were then used to better them, so that only its
first measurement tells what to expect of texts nobody has seen:

    second .64 / .54 (pairs .64 / .58), third .63 / .48 (1 / .57), fourth .61 / .56 (.6 / .6), held .96 / .81 (1 / 1),
    sixth .63 / .35 (1 / 1), the same .84 / .80 (1 / 1) once its faults had been used,
    seventh .72 / .78 (1 / 1)

precision / recall of entries: right kind, said by the right one, its words hold the phrase. All by one author, on the
pattern of published texts; other writers will find other ways to say it.
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
    for half in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "held"):
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
