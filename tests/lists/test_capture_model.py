"""What a language model proposes, with a stand-in for it on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse

from lianqiao.core.models import Job
from lianqiao.lists.models import Capture, Entry
from tests import factories as make

pytestmark = pytest.mark.sqlite_tells

TEXT = "甲建筑公司希望学校提供幕墙检测的技术支持。\n甲建筑公司的车间里夏天太闷。"
HEARD = "甲建筑公司的车间里夏天太闷。"


class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["Authorization"], json.loads(asked)))
        if self.server.late and not self.server.slowly:
            time.sleep(0.5)
        self.send_response(200)
        self.end_headers()
        for part in [self.server.says[:9], *self.server.says[9:49], self.server.says[49:]]:
            if self.server.late:
                time.sleep(0.01)
            try:
                self.wfile.write(part.encode())
            except OSError:
                return

    def log_message(self, *args):
        """Quietly."""


@pytest.fixture
def model(settings):
    server = HTTPServer(("127.0.0.1", 0), Model)
    server.asked, server.says, server.late, server.slowly = [], "", False, False
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


def captured(client, on, commit):
    """Given in, and worked off by the queue afterwards."""
    given = {"chain": on.pk, "source": "visit", "day": "2026-10-24", "text": TEXT}
    with commit() as waiting:
        url = client.post(reverse("capture_add"), given).url
    before = client.get(url).content.decode()
    for task in waiting:
        task()
    return before, client.get(url)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def said():
    return Capture.objects.get().found["entries"]


@pytest.mark.django_db
def test_capture_shows_what_the_rules_found_before_the_model_answers(client, here, model, commit):
    model.says = answer(entry(HEARD))

    before, page = captured(client, here, commit)

    assert "语言模型正在再找一遍" in before
    assert "模型提出，未经核对" not in before
    assert "写入：希望学校提供幕墙检测的技术支持" in before
    assert "模型提出，未经核对" in page.content.decode()
    assert Job.objects.get().result == {"answer": "answered", "proposed": 1}


@pytest.mark.django_db
def test_capture_proposals_are_marked_and_never_ticked(client, here, model, commit):
    model.says = answer(entry(HEARD), entry("谁也没有说过。"), entry(HEARD, kind="wish"), "不是条目")

    _, page = captured(client, here, commit)

    assert [(one["text"], one["offset"]) for one in said() if one["proposed"]] == [
        ("车间通风", TEXT.index(HEARD))
    ]
    ticked = {one["proposed"]: page.context["form"][f"take-{at}"].value() for at, one in enumerate(said())}
    assert ticked == {False: True, True: False}
    [(path, key, asked)] = model.asked
    assert (path, key, asked["model"]) == ("/v1/chat/completions", "Bearer geheim", "small")
    assert asked["messages"][1]["content"] == TEXT
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_capture_proposals_are_swapped_into_the_page_that_waits_for_them(client, here, model, commit):
    model.says = answer(entry(HEARD))
    _, page = captured(client, here, commit)

    part = client.get(page.request["PATH_INFO"], headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="proposed"')
    assert ("车间通风" in part, "幕墙检测" in part, "every 2s" in part) == (True, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("says", ["", "[]", '{"choices": []}', answer().replace("entries", "x"), "<html>"])
def test_capture_goes_on_by_rules_where_the_model_says_nothing_of_use(client, here, model, commit, says):
    model.says = says

    _, page = captured(client, here, commit)

    assert "语言模型没有给出可用的答复" in page.content.decode()
    assert [one["proposed"] for one in said()] == [False]
    assert Job.objects.get().result == {"answer": "silent", "proposed": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("slowly", [False, True])
def test_capture_says_that_the_model_was_late(client, here, model, commit, settings, slowly):
    settings.MODEL_SECONDS = 0.2
    model.says, model.late, model.slowly = answer(entry(HEARD)), True, slowly

    _, page = captured(client, here, commit)

    assert "语言模型没有按时答复" in page.content.decode()
    assert [one["proposed"] for one in said()] == [False]


@pytest.mark.django_db
def test_capture_says_that_asking_was_cancelled(client, here, model, commit):
    given = {"chain": here.pk, "source": "visit", "day": "2026-10-24", "text": TEXT}
    url = client.post(reverse("capture_add"), given).url
    client.post(reverse("job_cancel", args=[Job.objects.get().pk]))

    page = client.get(url).content.decode()

    assert "已取消询问语言模型" in page
    assert "every 2s" not in page
    assert model.asked == []


@pytest.mark.django_db
def test_capture_takes_no_proposal_after_it_was_decided(client, here, model, commit):
    model.says = answer(entry(HEARD))
    given = {"chain": here.pk, "source": "visit", "day": "2026-10-24", "text": TEXT}
    with commit() as waiting:
        url = client.post(reverse("capture_add"), given).url
    client.post(
        url, {"take-0": "on", "title-0": "幕墙检测", "organisation-0": "甲建筑公司", "place-0": "none"}
    )
    for task in waiting:
        task()

    assert Capture.objects.get().state == "done"
    assert [one["proposed"] for one in said()] == [False]


@pytest.mark.django_db
def test_capture_asks_no_model_unless_there_is_one(client, here, model, commit, settings):
    settings.MODEL_URL = ""

    captured(client, here, commit)

    assert (model.asked, Capture.objects.get().found["model"], Job.objects.count()) == ([], "off", 0)
