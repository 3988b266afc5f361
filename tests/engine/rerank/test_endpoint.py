import numpy as np
import pytest

from lianqiao_engine.rerank import ByMeaning, Endpoint, ModelTrouble, endpoint


def test_scores_are_cosines_in_the_order_of_the_texts(stand_in):
    model = Endpoint(stand_in.url, "good", key="secret").reranker()

    scores = model.scores("退押金", ["砌体施工", "退还保证金", "面点"])

    assert scores == pytest.approx([0.01 / 1.01, 1.0, 0.01 / 1.01])
    assert stand_in.keys == ["Bearer secret"]
    assert "secret" not in repr(Endpoint(stand_in.url, "good", key="secret"))


def test_each_text_is_sent_once_in_requests_of_a_bounded_size(stand_in, monkeypatch):
    monkeypatch.setattr(endpoint, "TOGETHER", 2)
    monkeypatch.setattr(endpoint, "LONGEST", 3)
    model = Endpoint(f"{stand_in.url}/", "good").reranker()

    model.scores("瓦工和砌体", ["面点", "砌体", "面点"])
    model.scores("面点", ["砌体", ""])

    assert [asked["input"] for asked in stand_in.asked] == [["瓦工和", "面点"], ["砌体"], [" "]]


@pytest.mark.parametrize(
    ("model", "what"),
    [
        ("failing", "status"),
        ("moved", "status"),
        ("slow", "timeout"),
        ("strange", "malformed"),
        ("few", "malformed"),
        ("uneven", "malformed"),
        ("empty", "malformed"),
    ],
)
def test_what_goes_wrong_is_named(stand_in, model, what):
    with pytest.raises(ModelTrouble) as caught:
        Endpoint(stand_in.url, model, timeout=0.2).reranker().scores("瓦工", ["砌体"])

    assert caught.value.what == what
    assert len(stand_in.asked) == 1


def test_embeddings_that_change_their_length_between_requests_are_refused():
    lengths = iter([3, 4])
    model = ByMeaning("changing", lambda texts: np.ones((len(texts), next(lengths))))
    model.scores("瓦工", ["砌体"])

    with pytest.raises(ModelTrouble, match="malformed"):
        model.scores("瓦工", ["面点"])


def test_an_answer_beyond_the_limit_is_not_read(stand_in, monkeypatch):
    monkeypatch.setattr(endpoint, "LARGEST", 20)

    with pytest.raises(ModelTrouble, match="too large: more than 20 bytes"):
        Endpoint(stand_in.url, "good").embed(["瓦工"])


def test_nobody_at_the_address_is_named(stand_in):
    stand_in.server_close()

    with pytest.raises(ModelTrouble, match="unreachable"):
        Endpoint(stand_in.url, "good", timeout=1).embed(["瓦工"])


def test_an_address_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="http"):
        Endpoint("file:///etc", "good")
