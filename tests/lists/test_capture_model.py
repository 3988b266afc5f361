"""What a language model proposes, with a stand-in for it on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse

from lianqiao.lists.models import Capture, Entry
from tests import factories as make

TEXT = "甲建筑公司希望学校提供幕墙检测的技术支持。\n甲建筑公司的车间里夏天太闷。"
HEARD = "甲建筑公司的车间里夏天太闷。"


class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["Authorization"], json.loads(asked)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.says.encode())

    def log_message(self, *args):
        """Quietly."""


@pytest.fixture
def model(settings):
    server = HTTPServer(("127.0.0.1", 0), Model)
    server.asked, server.says = [], ""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MODEL_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.MODEL_NAME, settings.MODEL_KEY = "small", "geheim"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(login, staff, here):
    make.member(here, "甲建筑公司")
    return login(staff)


def answer(*entries):
    content = "```json\n" + json.dumps({"entries": entries}, ensure_ascii=False) + "\n```"
    return json.dumps({"choices": [{"message": {"content": content}}]})


def entry(sentence, text="车间通风", **more):
    return {"kind": "need", "text": text, "sentence": sentence, "who": "甲建筑公司"} | more


def captured(client, on):
    given = {"chain": on.pk, "source": "visit", "day": "2026-10-24", "text": TEXT}
    return client.get(client.post(reverse("capture_add"), given).url)


@pytest.mark.django_db
def test_capture_proposals_are_marked_and_never_ticked(client, here, model):
    model.says = answer(entry(HEARD), entry("谁也没有说过。"), entry(HEARD, kind="wish"), "不是条目")

    page = captured(client, here)

    said = Capture.objects.get().found["entries"]
    assert [(one["text"], one["offset"]) for one in said if one["proposed"]] == [
        ("车间通风", TEXT.index(HEARD))
    ]
    ticked = {one["proposed"]: page.context["form"][f"take-{at}"].value() for at, one in enumerate(said)}
    assert ticked == {False: True, True: False}
    assert "模型提出，未经核对" in page.content.decode()
    [(path, key, asked)] = model.asked
    assert (path, key, asked["model"]) == ("/v1/chat/completions", "Bearer geheim", "small")
    assert asked["messages"][1]["content"] == TEXT
    assert Entry.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("says", ["", "[]", '{"choices": []}', answer().replace("entries", "x"), "<html>"])
def test_capture_goes_on_by_rules_where_the_model_says_nothing_of_use(client, here, model, says):
    model.says = says

    page = captured(client, here)

    assert "语言模型没有给出可用的答复" in page.content.decode()
    assert [one["proposed"] for one in Capture.objects.get().found["entries"]] == [False]


@pytest.mark.django_db
def test_capture_asks_no_model_unless_there_is_one(client, here, model, settings):
    settings.MODEL_URL = ""

    captured(client, here)

    assert (model.asked, Capture.objects.get().found["model"]) == ([], "off")
