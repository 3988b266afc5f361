"""Embeddings of an endpoint that speaks OpenAI's protocol: POST /v1/embeddings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import numpy as np
from numpy.typing import NDArray

from .model import ByMeaning, ModelTrouble

LONGEST = 4_000  # characters of a text that are sent
TOGETHER = 64  # texts of a request
LARGEST = 32 << 20  # bytes of an answer


class _Stay(HTTPRedirectHandler):
    """Texts and key go to the address that was given, and to no other."""

    def redirect_request(self, *args: Any) -> None:
        return None


@dataclass(frozen=True)
class Endpoint:
    """`url` is what stands before /v1/embeddings. The texts of needs and offers are sent there.

    `timeout` is in seconds and for each step of a request. Raises ValueError for an address that is not http(s).
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 10.0

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError(f"the address of an endpoint begins with http or https, not {self.url}")

    def reranker(self) -> ByMeaning:
        return ByMeaning(self.model, self.embed)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the embeddings (texts, dimensions) of `texts`. Raises ModelTrouble."""
        parts = [self._ask(texts[at : at + TOGETHER]) for at in range(0, len(texts), TOGETHER)]
        try:
            return np.array([vector for part in parts for vector in part], np.float32)
        except (TypeError, ValueError) as error:
            raise ModelTrouble("malformed", "embeddings of different lengths, or not of numbers") from error

    def _ask(self, texts: Sequence[str]) -> list[Any]:
        sent = {"model": self.model, "input": [text[:LONGEST] or " " for text in texts]}
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        address = f"{self.url.rstrip('/')}/v1/embeddings"
        request = Request(address, json.dumps(sent).encode(), headers)  # noqa: S310 - see __post_init__
        try:
            with build_opener(_Stay).open(request, timeout=self.timeout) as answer:
                body = answer.read(LARGEST + 1)
        except HTTPError as error:
            raise ModelTrouble("status", str(error.code)) from error
        except TimeoutError as error:
            raise ModelTrouble("timeout", f"{self.timeout} s") from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise ModelTrouble("timeout", f"{self.timeout} s") from error
            raise ModelTrouble("unreachable", str(error.reason)) from error
        except (OSError, HTTPException) as error:
            raise ModelTrouble("unreachable", type(error).__name__) from error
        if len(body) > LARGEST:
            raise ModelTrouble("too large", f"more than {LARGEST} bytes")
        return _embeddings(body, len(texts))


def _embeddings(body: bytes, wanted: int) -> list[Any]:
    """The embeddings in the order of the texts: each says by its `index` which one it is."""
    try:
        by_index = {item["index"]: item["embedding"] for item in json.loads(body)["data"]}
        return [by_index[number] for number in range(wanted)]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ModelTrouble("malformed", f"no embeddings of {wanted} texts") from error
