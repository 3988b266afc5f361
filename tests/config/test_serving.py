"""A real server: it starts, serves, works, ends; and killed at any moment loses nothing that it acknowledged."""

import os
import signal
import socket
import threading

import requests
from django.urls import reverse

from lianqiao.config.locks import is_taken, take
from lianqiao.core import audit
from lianqiao.core.models import Job
from lianqiao.registry.models import Organisation
from tests.config.servers import Visitor, free_port, serving, until


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def test_kill_9_loses_nothing_that_was_acknowledged(office):
    add, acknowledged, cut = reverse("organisation_add"), [], threading.Event()
    port = free_port()

    def write(visitor: Visitor, writer: int) -> None:
        while True:
            name = f"云川第{writer}之{len(acknowledged)}建设有限公司"
            try:
                answer = visitor.register(add, name)
            except requests.RequestException:
                # Said nothing: it may have been written or not.
                return
            if answer.status_code == 302:
                acknowledged.append(name)
            if len(acknowledged) > 20:
                cut.set()

    with serving(office, port) as server:
        visitors = [Visitor(server) for _ in range(2)]
        for visitor, username in zip(visitors, ["wangjing", "zhaolei"], strict=True):
            assert visitor.log_in(reverse("account_login"), username).status_code == 302
        threads = [threading.Thread(target=write, args=pair) for pair in zip(visitors, [1, 2], strict=True)]
        for thread in threads:
            thread.start()
        assert cut.wait(20)
        server.kill()
        for thread in threads:
            thread.join()
    interrupted = Job.objects.create(kind="core.verify_audit", state=Job.State.RUNNING, actor={**JOB_ACTOR})

    # The same port at once, the same sessions, and what was interrupted is taken up again.
    with serving(office, port) as server:
        visitors[0].server = server
        assert visitors[0].open(reverse("organisation_list")).status_code == 200
        assert until(lambda: Job.objects.get(pk=interrupted.pk).state == Job.State.DONE)
        names = set(Organisation.objects.values_list("name", flat=True))
        assert [name for name in acknowledged if name not in names] == []
        assert audit.verify().is_whole
        children = server.children()
        assert len(children) == 2
        assert is_taken("worker")
        # Only the first process is killed: the others follow by themselves.
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        assert until(lambda: is_free(port) and not is_taken("worker"), 5)


JOB_ACTOR = {"role": "auditor", "name": "冯铭", "chains": [], "scopes": ["read", "write"]}


def test_serve_refuses_a_port_that_is_taken(office, lianqiao, monkeypatch):
    monkeypatch.setattr("lianqiao.config.serving.PATIENCE", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = lianqiao("serve", "--port", other.getsockname()[1])

    assert (result.exit_code, "Choose another one with --port" in result.output) == (1, True)


def test_serve_without_front_end_says_what_to_run(office, lianqiao, settings):
    settings.SERVED = office.data / "nowhere"

    result = lianqiao("serve", "--port", free_port())

    assert (result.exit_code, "make demo" in result.output) == (1, True)


def test_serve_while_a_restore_runs_is_refused(office, lianqiao):
    with take("serving"):
        result = lianqiao("serve", "--port", free_port())

    assert (result.exit_code, "restore" in result.output) == (1, True)


def test_worker_beside_another_is_refused(office, lianqiao):
    with take("worker"):
        result = lianqiao("worker")

    assert (result.exit_code, "Another worker" in result.output) == (1, True)
