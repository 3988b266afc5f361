import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from lianqiao_engine.rerank import ModelTrouble, folder
from lianqiao_engine.rerank.folder import _means


def onnx(path):
    for name in ("model.onnx", "tokenizer.json"):
        (path / name).write_text("")


def transformers(path):
    (path / "modules.json").write_text("[]")


@pytest.mark.parametrize(
    ("holds", "absent", "trouble"),
    [
        (lambda path: None, "json", "no model"),
        (onnx, "onnxruntime", "not installed: onnxruntime and tokenizers"),
        (transformers, "sentence_transformers", "not installed: sentence-transformers"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_with_what_is_missing(
    tmp_path, monkeypatch, holds, absent, trouble
):
    holds(tmp_path)
    monkeypatch.setitem(sys.modules, absent, None)

    with pytest.raises(ModelTrouble, match=trouble):
        folder(tmp_path)


def test_a_folder_of_sentence_transformers_is_read_without_network_and_foreign_code(tmp_path, monkeypatch):
    asked = {}

    class SentenceTransformer:
        def __init__(self, path: str, **options) -> None:
            asked.update(options, path=path)

        def encode(self, texts: list[str], show_progress_bar: bool) -> np.ndarray:
            return np.array([[len(text), 1.0] for text in texts])

    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = SentenceTransformer
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    transformers(tmp_path)

    scores = folder(tmp_path).scores("一", ["二", "三四五六七"])

    assert asked == {"path": str(tmp_path), "local_files_only": True, "trust_remote_code": False}
    assert scores == pytest.approx([1.0, 6 / np.sqrt(2 * 26)])


def test_pooling_leaves_out_what_only_fills_a_line():
    class Words:
        def encode_batch(self, texts):
            return [
                SimpleNamespace(ids=[1, 2], attention_mask=[1, 1], type_ids=[0, 0]),
                SimpleNamespace(ids=[3, 0], attention_mask=[1, 0], type_ids=[0, 0]),
            ]

    class Session:
        def get_inputs(self):
            return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

        def run(self, outputs, columns):
            assert sorted(columns) == ["attention_mask", "input_ids"]
            return [columns["input_ids"][:, :, None] * np.array([1.0, 10.0], np.float32)]

    assert _means(Session(), Words(), ["一", "二"]).tolist() == [[1.5, 15.0], [3.0, 30.0]]
