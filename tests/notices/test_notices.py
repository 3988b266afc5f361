import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from lianqiao.core.actor import Role
from lianqiao.notices.sending import send
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
    assert "您已被授予身份：审计。" in mail.outbox[0].body


def test_send_tells_in_the_language_of_who_reads_not_of_who_acts():
    held = make.position(Role.AUDITOR, organisation=None)

    with translation.override("en"):
        send(held.person, "position_granted", position=held)

    assert [notice.facts for notice in held.person.notices.all()] == [{"position": "审计"}]


def test_send_password_link_goes_by_mail_only(settings):
    someone = make.person()

    send(someone, "password_link", link="https://example.com/links/x")

    assert not someone.notices.exists()


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
