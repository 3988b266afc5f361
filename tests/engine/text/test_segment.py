from lianqiao_engine.text.segment import boundaries, search_words


def test_search_words_hold_long_words_and_the_short_ones_inside():
    words = search_words("工程量清单")

    assert {"工程量", "清单"} <= set(words)


def test_words_of_the_trades_stay_whole():
    assert "套定额" in search_words("会套定额的预算员")


def test_letters_and_digits_stay_together():
    assert {"bim", "c30"} <= set(search_words("bim建模和c30混凝土"))


def test_boundaries_lie_between_words():
    assert boundaries("房东不退押金") == {0, 2, 3, 4, 6}
    assert boundaries("") == {0}
