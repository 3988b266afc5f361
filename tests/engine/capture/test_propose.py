from collections.abc import Sequence
from datetime import date

from lianqiao_engine.capture import Captured, Entry, capture, with_proposals

TEXT = "江苏甲乙机床有限公司急需焊工3名。车间里夏天太闷。"


class Model:
    """Says what a model might: something new, something known, something that nobody said."""

    def proposals(self, text: str, found: Captured) -> Sequence[Entry]:
        return [
            Entry("need", "车间通风", "车间里夏天太闷。", 0),
            Entry("need", "焊工", found.entries[0].sentence, 0),
            Entry("need", "食堂", "食堂要扩建。", 0),
            Entry("need", "空", "", 0),
        ]


def test_proposal_is_added_marked_and_only_with_a_sentence_of_the_text():
    found = capture(TEXT, today=date(2025, 6, 1))

    both = with_proposals(TEXT, found, Model())

    assert both.entries == (
        *found.entries,
        Entry("need", "车间通风", "车间里夏天太闷。", TEXT.index("车间"), proposed=True),
    )
