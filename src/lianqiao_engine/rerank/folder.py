"""Embeddings of a model in a local folder; nothing is fetched, and no code that lies in the folder is run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import ByMeaning, Embed, ModelTrouble

LONGEST = 512  # tokens
TOGETHER = 32  # texts


def folder(path: Path) -> ByMeaning:
    """Return a re-ranker of the model in `path`: `model.onnx` (or `onnx/model.onnx`) with `tokenizer.json`, else a
    folder of sentence-transformers.

    Raises ModelTrouble "no model" for a folder that holds neither, "not installed" where what runs it is absent.
    """
    models = [path / "model.onnx", path / "onnx" / "model.onnx"]
    if found := [model for model in models if model.is_file() and (path / "tokenizer.json").is_file()]:
        return ByMeaning(path.name, _onnx(found[0], path / "tokenizer.json"))
    if (path / "modules.json").is_file():
        return ByMeaning(path.name, _sentence_transformers(path))
    raise ModelTrouble("no model", f"{path} holds neither model.onnx with tokenizer.json nor modules.json")


def _sentence_transformers(path: Path) -> Embed:
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - optional, and very large
    except ImportError as error:
        raise ModelTrouble("not installed", "sentence-transformers") from error
    model = SentenceTransformer(str(path), local_files_only=True, trust_remote_code=False)
    return lambda texts: np.asarray(model.encode(list(texts), show_progress_bar=False), np.float32)


def _onnx(model: Path, tokenizer: Path) -> Embed:
    try:
        import onnxruntime  # noqa: PLC0415 - optional, and large
        from tokenizers import Tokenizer  # noqa: PLC0415 - the same
    except ImportError as error:
        raise ModelTrouble("not installed", "onnxruntime and tokenizers") from error
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    words = Tokenizer.from_file(str(tokenizer))
    words.enable_truncation(LONGEST)
    words.enable_padding()

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        parts = [_means(session, words, texts[at : at + TOGETHER]) for at in range(0, len(texts), TOGETHER)]
        return np.concatenate(parts)

    return embed


def _means(session: Any, words: Any, texts: Sequence[str]) -> NDArray[np.float32]:
    """The mean of the last hidden states of each text's own tokens, as sentence-transformers pool by default."""
    read = words.encode_batch(list(texts))
    columns = {
        "input_ids": np.array([text.ids for text in read], np.int64),
        "attention_mask": np.array([text.attention_mask for text in read], np.int64),
        "token_type_ids": np.array([text.type_ids for text in read], np.int64),
    }
    states = session.run(None, {put.name: columns[put.name] for put in session.get_inputs()})[0]
    own = columns["attention_mask"][:, :, None]
    return ((states * own).sum(axis=1) / np.maximum(own.sum(axis=1), 1)).astype(np.float32)
