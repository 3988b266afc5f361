import socket

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import translation
from huey.contrib.djhuey import HUEY

from lianqiao.core.actor import Role
from lianqiao.notices.models import Notice
from lianqiao.notices.sending import leave, mail, mail_notice, send
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_send_unknown_template_raises():
    with pytest.raises(KeyError):
        send(make.person(), "no_such_template")


def test_send_leaves_a_notice_and_a_mail_where_an_address_is_known(
    settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.invalid"
    someone = make.person(email="someone@example.com")

    with django_capture_on_commit_callbacks(execute=True):
        send(someone, "position_granted", position="审计")

    assert [notice.facts for notice in someone.notices.all()] == [{"position": "审计"}]
    assert "您已被授予身份：审计。" in outbox()[0].body


def test_send_tells_in_the_language_of_who_reads_not_of_who_acts():
    held = make.position(Role.AUDITOR, organisation=None)

    with translation.override("en"):
        send(held.person, "position_granted", position=held)

    assert [notice.facts for notice in held.person.notices.all()] == [{"position": "审计"}]


def test_mail_leaves_nothing_in_the_platform():
    someone = make.person(email="someone@example.com")

    mail(someone, "password_link", {"link": "https://example.com/links/x"})

    assert "https://example.com/links/x" in outbox()[0].body
    assert not someone.notices.exists()


@pytest.fixture
def silent_server():
    """Takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(params=["closed", "silent"])
def dead_mail_server(request, settings, silent_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    settings.EMAIL_PORT = {"closed": 1, "silent": silent_server}[request.param]
    yield
    HUEY.storage.flush_schedule()


def test_send_with_a_dead_mail_server_does_what_was_asked_and_tries_again(
    login, dead_mail_server, django_capture_on_commit_callbacks, caplog
):
    admin = make.position(Role.OFFICE_ADMIN)
    held = make.position(Role.LIAISON, admin.chain, who=make.person(email="someone@example.com"))
    url = reverse("position_end", args=[held.pk])

    with django_capture_on_commit_callbacks(execute=True):
        answer = login(admin).post(url, {"ends_on": make.today().isoformat()})

    assert answer.status_code == 302
    notice = held.person.notices.get()
    (again,) = HUEY.scheduled()
    assert (again.name, again.args, again.retries) == ("mail_notice", (notice.pk,), 1)
    assert "Unhandled exception in task" in caplog.text


def test_mail_that_fails_for_the_last_time_is_told_to_the_administrators_once(dead_mail_server):
    admins = [make.position(Role.SYSTEM_ADMIN) for _ in range(2)]
    for former in ({"ends_on": make.yesterday()}, {"who": make.person(state="suspended")}):
        make.position(Role.SYSTEM_ADMIN, **former)
    notice = leave(make.person(email="someone@example.com"), "position_granted", position="审计")

    for retries in (1, 0, 0):
        HUEY.execute(mail_notice.s(notice.pk, retries=retries))

    told = [(row.person, row.template) for row in Notice.objects.exclude(pk=notice.pk).order_by("id")]
    assert sorted(told, key=lambda one: one[0].pk) == [(held.person, "mail_failed") for held in admins]


def test_mail_of_a_notice_that_is_gone_is_passed_over():
    mail_notice(999_999)

    assert outbox() == []


def outbox():
    return django_mail.outbox


def test_notice_list_shows_my_notices_and_nobody_elses(login):
    mine, other = make.position(Role.STUDENT), make.position(Role.STUDENT)
    send(other.person, "position_granted", position="别人的身份")
    send(mine.person, "position_granted", position="我的身份")

    page = login(mine).get(reverse("notice_list")).content.decode()

    assert "我的身份" in page
    assert "别人的身份" not in page


def test_notice_list_in_english_is_english(login):
    mine = make.position(Role.STUDENT)
    send(mine.person, "position_granted", position="Auditor")

    assert "您已被授予" not in login(mine, accept_language="en").get(reverse("notice_list")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_notice_list_same_number_of_queries(login, django_assert_num_queries, rows):
    mine = make.position(Role.STUDENT)
    for _ in range(rows):
        send(mine.person, "position_granted", position="审计")
    client = login(mine)

    with django_assert_num_queries(7):
        client.get(reverse("notice_list"))


def test_notice_read_all_leaves_others_unread(login):
    mine, other = make.position(Role.STUDENT), make.position(Role.STUDENT)
    for held in (mine, other):
        send(held.person, "position_granted", position="审计")

    login(mine).post(reverse("notice_read_all"))

    assert [n.read_at is None for n in (*mine.person.notices.all(), *other.person.notices.all())] == [
        False,
        True,
    ]
