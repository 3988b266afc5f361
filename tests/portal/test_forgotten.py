"""A forgotten password: the same answer for everybody, a link for whom it may concern."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from lianqiao.accounts.actions import ASK_AGAIN_AFTER
from lianqiao.accounts.models import OneTimeLink
from lianqiao.core.actor import Role
from tests.factories import person, position

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_yet():
    cache.clear()


@pytest.fixture
def held():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei", phone="13912345678"))


@pytest.fixture
def client(held, login):
    return login(held)


FORGOTTEN = "/login/forgotten"


def test_password_forgotten_without_mail_says_whom_to_ask(client):
    assert "本平台没有接通邮件" in Client().get(FORGOTTEN).text
    assert "本平台没有接通邮件" in Client().post(FORGOTTEN, {"login": "zhangwei"}).text
    assert OneTimeLink.objects.count() == 0


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_HOST = "mail.office.example"


def test_password_forgotten_sends_a_link_that_works(held, with_mail, django_capture_on_commit_callbacks):
    held.person.email = "zhang@office.example"
    held.person.save()

    with django_capture_on_commit_callbacks(execute=True):
        Client().post(FORGOTTEN, {"login": "zhangwei"})

    (letter,) = mail.outbox
    assert letter.to == ["zhang@office.example"]
    link = letter.body.split("http://testserver")[1].split()[0]
    assert "设置新密码" in Client().get(link).text


def test_password_forgotten_answers_everybody_alike(held, with_mail, django_capture_on_commit_callbacks):
    held.person.email = "zhang@office.example"
    held.person.save()
    person("李萍", username="liping")
    person("王强", username="wangqiang", email="wang@office.example", state="suspended")

    with django_capture_on_commit_callbacks(execute=True):
        asked = ["zhangwei", "liping", "wangqiang", "nobody"]
        answers = {main_of(Client().post(FORGOTTEN, {"login": login})) for login in asked}

    assert len(answers) == 1
    assert [letter.to for letter in mail.outbox] == [["zhang@office.example"]]


def test_password_forgotten_does_the_same_for_everybody_before_it_answers(
    held, with_mail, monkeypatch, django_assert_num_queries
):
    held.person.email = "zhang@office.example"
    held.person.save()
    left = []
    monkeypatch.setattr("lianqiao.portal.pages.forgotten.mail_password_link", lambda *task: left.append(task))

    with django_assert_num_queries(0):
        for login in ("zhangwei", "nobody"):
            Client().post(FORGOTTEN, {"login": login})

    assert [(login, site) for login, site, _actor in left] == [
        ("zhangwei", "http://testserver/"),
        ("nobody", "http://testserver/"),
    ]


def test_password_forgotten_with_a_dead_mail_server_answers_alike_and_tries_again(held, with_mail, settings):
    held.person.email = "zhang@office.example"
    held.person.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answers = {main_of(Client().post(FORGOTTEN, {"login": login})) for login in ("zhangwei", "nobody")}

    (again,) = HUEY.scheduled()
    HUEY.storage.flush_schedule()
    assert (len(answers), again.name, again.retries, again.args[0]) == (
        1,
        "mail_password_link",
        1,
        "zhangwei",
    )
    assert again.retry_delay >= ASK_AGAIN_AFTER.total_seconds()


def test_password_forgotten_is_asked_by_one_network_only_so_often(held, with_mail, settings, time_machine):
    settings.AXES_NETWORK_FAILURE_LIMIT = 3
    start = timezone.now()

    def ask(minutes, network):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        return Client(REMOTE_ADDR=network).post(FORGOTTEN, {"login": "nobody"})

    answers = [ask(minutes, "203.0.113.7") for minutes in (0, 5, 10, 14)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert "请在 15 分钟后再试" in main_of(answers[-1])
    assert ask(14, "203.0.113.8").status_code == 200
    assert ask(16, "203.0.113.7").status_code == 200


def main_of(response):
    return response.text.split("<main")[1].split("</main>")[0]


def test_password_forgotten_mails_nobody_again_within_ten_minutes(
    held, with_mail, time_machine, django_capture_on_commit_callbacks
):
    held.person.email = "zhang@office.example"
    held.person.save()
    start = timezone.now()

    for minutes in (0, 1, 9, 11):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            Client().post(FORGOTTEN, {"login": "zhangwei"})

    assert len(mail.outbox) == 2
