"""Whatever the text, nothing raises and everything found stands where it says."""

import random

import pytest

from lianqiao_engine.capture import capture

from .annotated import TODAY, texts_of

PIECES = [piece for text in texts_of("first")[:8] for piece in text.text.replace("，", "，\0").split("\0")]
SIGNS = [
    "\n",
    "。",
    "、",
    "与",
    "：",
    "“",
    "”",
    "\t",
    "（",
    "）",
    "；",
    "……",
    "签署",
    "协议",
    "希望",
    "缺",
    "将",
    "可以",
    "10:02 ",
    "\ufffd",
    "🙂",
    "\u202e",
]


@pytest.mark.parametrize("seed", range(12))
def test_pieces_in_any_order(seed: int):
    chance = random.Random(seed)
    text = "".join(chance.choice(PIECES if chance.random() < 0.6 else SIGNS) for _ in range(60))

    found = capture("甲" + text, today=TODAY)

    for one in (*found.entries, *found.agreements, *found.activities):
        assert ("甲" + text)[one.offset :].startswith(one.sentence)


@pytest.mark.parametrize("seed", range(12))
def test_characters_in_any_order(seed: int):
    chance = random.Random(seed)
    letters = "".join(PIECES) + "".join(SIGNS)

    capture("甲" + "".join(chance.choice(letters) for _ in range(400)), today=TODAY)
