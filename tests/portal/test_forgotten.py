"""A forgotten password: the same answer for everybody, a link for whom it may concern."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from lianqiao.accounts.models import OneTimeLink
from lianqiao.core.actor import Role
from tests.factories import person, position

pytestmark = pytest.mark.django_db


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
