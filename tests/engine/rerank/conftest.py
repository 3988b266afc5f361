"""A small stand-in for an endpoint of embeddings, on 127.0.0.1."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

MEANINGS = {"押金": 0, "保证金": 0, "瓦工": 1, "砌体": 1, "面点": 2}


def embedding(text: str) -> list[float]:
    """How often each meaning is named, and a little of nothing."""
    vector = [0.0, 0.0, 0.0, 0.1]
    for word, at in MEANINGS.items():
        vector[at] += text.count(word)
    return vector


class StandIn(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict] = []
        self.keys: list[str | None] = []
        self.ending = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        self.server.keys.append(self.headers["Authorization"])
        items = [{"index": at, "embedding": embedding(text)} for at, text in enumerate(asked["input"])]
        answer = {"data": items[::-1]}
        status = 200
        match asked["model"]:
            case "failing":
                status = 500
            case "moved":
                status = 307
            case "slow":
                self.server.ending.wait(10)
                return
            case "strange":
                answer = {"data": "none"}
            case "few":
                answer = {"data": items[1:]}
            case "uneven":
                items[0]["embedding"] = [1.0]
            case "empty":
                answer = {"data": [{**item, "embedding": []} for item in items]}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append({"input": ["moved along"]})
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stand_in(monkeypatch) -> Iterator[StandIn]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.ending.set()
    server.shutdown()
    thread.join()
    server.server_close()
