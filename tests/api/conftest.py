import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lianqiao.accounts.actions import make_token
from tests import factories as make
from tests.projects.rows import Scene


class Caller:
    """A program with a token; every call speaks JSON and gives the answer of Django's test client."""

    def __init__(self, token: str = "", **headers: str) -> None:
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def upload(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"/api{path}", fields)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"data": body, "content_type": "application/json"} if body is not None else {}
        return self.client.generic(method, f"/api{path}", **encoded(sent), headers=headers)


def encoded(sent: dict[str, Any]) -> dict[str, Any]:
    if sent and not isinstance(sent["data"], bytes):
        sent["data"] = json.dumps(sent["data"]).encode()
    return sent


def secret_of(held: Any, *scopes: str) -> str:
    _, secret = make_token(
        name="测试程序",
        scopes=list(scopes or ("read", "write")),
        expires_on=make.today() + timedelta(days=30),
        by=make.actor_of(held),
    )
    return secret


@pytest.fixture
def caller(db) -> Callable[..., Caller]:
    """`caller(position)` calls in the name of that position; `caller()` is a stranger."""

    def call(held: Any = None, *scopes: str, **headers: str) -> Caller:
        return Caller(secret_of(held, *scopes) if held else "", **headers)

    return call


@pytest.fixture
def scene(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Scene()


@pytest.fixture
def programs(scene, caller):
    """Those who have to do with the projects of the scene, and somebody who has not, by name."""
    held = {name: getattr(scene, name).position for name in ("firm", "college", "other", "stranger")}
    return {name: caller(position) for name, position in (held | {"office": scene.staff}).items()}
