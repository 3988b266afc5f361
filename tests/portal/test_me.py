"""One's own page, and the small choices made in passing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import ApiToken, OneTimeLink
from lianqiao.accounts.queries import live_token
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, chain, person, position, today, yesterday

pytestmark = pytest.mark.django_db
NEW = "a-quite-new-one-7"


@pytest.fixture
def held():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei", phone="13912345678"))


@pytest.fixture
def client(held, login):
    return login(held)


def confirm_again(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("role", sorted(Role))
def test_me_is_there_for_every_role(login, role):
    held = position(role)

    assert held.person.username in login(held).get("/me").text


def test_me_is_there_without_a_position(client, held):
    held.delete()

    page = client.get("/me")

    assert page.status_code == 200
    assert "还没有身份，请联系产业链管理处。" in page.text
    assert "生成令牌" not in page.text


def test_me_of_nobody_leads_to_the_login():
    assert Client().get("/me").url == "/login?next=%2Fme"


def test_me_shows_all_positions_and_marks_the_one_in_use(client, held):
    other = position(Role.MENTOR, who=held.person)
    past = position(Role.LIAISON, who=held.person, ends_on=yesterday())

    shown = client.get("/me").context["positions"]

    assert {(row["row"], row["held"]) for row in shown} == {(held, True)}
    # An office sees the positions in its reach; the switch in the header knows all that are held.
    assert {p["id"] for p in client.get("/me").context["frame"].positions} == {held.pk, other.pk}
    assert past.pk not in {p["id"] for p in client.get("/me").context["frame"].positions}


def test_me_preferences_change_the_page_and_the_language(client, held):
    wanted = {"language": "en", "theme": "dark", "text": "large", "density": "compact"}

    response = client.post(reverse("me_preferences"), wanted)
    page = client.get("/me").text

    held.person.refresh_from_db()
    assert (response.url, held.person.preferences) == ("/me", wanted)
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page
    assert 'data-text="large" data-density="compact"' in page


def test_me_preferences_refuse_what_is_not_offered(client, held):
    response = client.post(
        reverse("me_preferences"), {"language": "xx", "theme": "dark", "text": "large", "density": "compact"}
    )

    held.person.refresh_from_db()
    assert (response.status_code, held.person.preferences) == (200, {})
    assert set(response.context["form"].errors) == {"language"}


def test_me_profile_asks_for_the_password_first(client):
    assert (
        client.get(reverse("me_profile")).url == f"{reverse('account_reauthenticate')}?next=%2Fme%2Fprofile"
    )


def test_me_profile_saves_and_audits_without_the_number(client, held):
    confirm_again(client)

    client.post(
        reverse("me_profile"),
        {"name": "张玮", "username": "zhangw", "phone": "138 0000 1111", "email": "z@office.example"},
    )

    held.person.refresh_from_db()
    assert (held.person.name, held.person.username, held.person.phone) == ("张玮", "zhangw", "13800001111")
    entry = AuditEntry.objects.get(action="accounts.edit_profile")
    assert "13800001111" not in entry.after
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"name": "张\x07伟"}, "name", ""),
        ({"name": "张\u202e伟"}, "name", "不可见"),
        ({"name": "å¼\xa0ä¼\x9f"}, "name", ""),
        ({"name": "x" * 61}, "name", "60"),
        ({"username": "13800001111"}, "username", "登录名不能全是数字"),
        ({"username": "TAKEN"}, "username", "该登录名已被使用"),
        ({"phone": "123"}, "phone", "填了 3 位数字，手机号应为 11 位"),
        ({"phone": "13700000000"}, "phone", "该手机号已登记给另一个人。"),
        ({"email": "nonsense"}, "email", ""),
    ],
)
def test_me_profile_names_the_field_and_keeps_what_was_typed(client, held, facts, field, reason):
    person(username="taken", phone="13700000000")
    confirm_again(client)
    posted = {"name": "张伟", "username": "zhangwei", "phone": "13912345678", "email": ""} | facts

    response = client.post(reverse("me_profile"), posted)

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert reason in response.text
    held.person.refresh_from_db()
    assert (held.person.name, held.person.username, held.person.phone) == ("张伟", "zhangwei", "13912345678")


def test_me_password_ends_all_sessions_and_leads_to_the_login(client, held, login):
    elsewhere = login(held)

    response = client.post(reverse("me_password"), {"old": PASSWORD, "password": NEW, "again": NEW})

    assert response.url == "/login"
    assert "密码已修改，所有设备上的登录已结束。请用新密码登录。" in client.get("/login").text
    assert (client.get("/me").status_code, elsewhere.get("/me").status_code) == (302, 302)
    assert Client().post("/login", {"login": "zhangwei", "password": NEW}).url == "/"


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"old": "wrong-password"}, "old"),
        ({"again": "another"}, "again"),
        ({"password": "zhangwei12", "again": "zhangwei12"}, "password"),
    ],
)
def test_me_password_names_what_is_wrong_and_keeps_the_old_one(client, held, posted, field):
    response = client.post(reverse("me_password"), {"old": PASSWORD, "password": NEW, "again": NEW} | posted)

    assert field in response.context["form"].errors
    held.person.refresh_from_db()
    assert held.person.check_password(PASSWORD)


def test_me_sessions_end_logs_out_everywhere(client, held, login):
    elsewhere = login(held)

    client.post(reverse("me_sessions_end"))

    assert (client.get("/me").status_code, elsewhere.get("/me").status_code) == (302, 302)


def test_position_switch_changes_the_whole_frame_and_goes_back(client, held):
    other = position(Role.MENTOR, who=held.person, on=chain())

    response = client.post(reverse("position_switch"), {"position": other.pk, "next": "/notices"})

    assert (response.status_code, response.url) == (302, "/notices")
    assert client.get("/me").context["actor"].role == Role.MENTOR
    assert client.get("/people").status_code == 403


def test_position_switch_to_what_is_not_held_is_not_found(client, held):
    past = position(Role.SYSTEM_ADMIN, who=held.person, ends_on=yesterday())
    others = position(Role.SYSTEM_ADMIN)

    answers = [
        client.post(reverse("position_switch"), {"position": p}).status_code
        for p in (past.pk, others.pk, "x", "")
    ]

    assert answers == [404, 404, 404, 404]
    assert client.get("/me").context["actor"].role == Role.OFFICE_STAFF


def test_position_that_ends_is_left_at_the_next_page(client, held):
    other = position(Role.MENTOR, who=held.person)
    client.post(reverse("position_switch"), {"position": other.pk})

    other.ends_on = yesterday()
    other.save()

    assert client.get("/me").context["actor"].role == Role.OFFICE_STAFF


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_set_language_goes_back_only_to_our_own_pages(client, wanted):
    assert client.post(reverse("set_language"), {"language": "en", "next": wanted}).url == "/"


def test_set_language_works_before_the_login():
    client = Client()

    response = client.post(reverse("set_language"), {"language": "en", "next": "/login"})

    assert response.url == "/login"
    assert 'lang="en"' in client.get("/login").text


def test_set_language_is_remembered_with_the_person(client, held, login):
    client.post(reverse("set_language"), {"language": "en"})

    assert 'lang="en"' in login(held).get("/me").text


def test_set_language_of_no_language_is_not_found(client):
    assert client.post(reverse("set_language"), {"language": "xx"}).status_code == 404


def test_remember_columns_shows_them_from_then_on(client):
    response = client.post(
        reverse("remember_columns", args=["position_list"]),
        {"columns": ["person", "starts_on"], "next": "/positions?state=held"},
    )

    assert response.url == "/positions?state=held"
    assert [c.name for c in client.get("/positions").context["listing"].columns] == ["person", "starts_on"]
    client.post(reverse("remember_columns", args=["position_list"]))
    assert len(client.get("/positions").context["listing"].columns) > 2


def test_remember_columns_does_not_fill_the_store(client, held):
    many = {"columns": [f"c{n}" for n in range(61)]}

    assert client.post(reverse("remember_columns", args=["x"]), many).status_code == 404
    assert client.post(reverse("remember_columns", args=["x"]), {"columns": ["y" * 41]}).status_code == 404
    answers = [client.post(reverse("remember_columns", args=[f"list-{n}"])).status_code for n in range(61)]
    assert answers == [302] * 60 + [404]


def make_token(client, **facts):
    confirm_again(client)
    posted = {"name": "数据中台同步", "scopes": "read", "expires_on": today().isoformat()} | facts
    return client.post(reverse("token_add"), posted)


def test_token_add_shows_the_secret_once(client, held):
    response = make_token(client)

    secret = response.context["secret"]
    token = ApiToken.objects.get()
    assert response.text.count(secret) == 2  # to read, and for the copy button
    assert "no-store" in response.headers["Cache-Control"]
    assert (token.person, token.position_id, token.scopes) == (held.person, held.pk, ["read"])
    assert live_token(secret, now=timezone.now()) == token
    assert secret not in client.get("/me").text
    assert secret not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "同\u200b步"},
        {"scopes": "everything"},
        {"expires_on": yesterday().isoformat()},
        {"expires_on": (today() + timedelta(days=367)).isoformat()},
        {"expires_on": "nonsense"},
    ],
)
def test_token_add_refuses_what_cannot_be(client, facts):
    response = make_token(client, **facts)

    assert (response.status_code, set(response.context["form"].errors)) == (200, set(facts))
    assert ApiToken.objects.count() == 0


def test_token_add_asks_for_the_password_first(client):
    assert client.get(reverse("token_add")).status_code == 302
    assert client.post(reverse("token_add"), {"name": "x"}).status_code == 302
    assert ApiToken.objects.count() == 0


def test_token_revoke_makes_it_void_at_once(client):
    secret = make_token(client, scopes="write").context["secret"]
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write"]

    response = client.post(reverse("token_revoke", args=[token.pk]))

    assert response.url == "/me"
    assert live_token(secret, now=timezone.now()) is None
    assert "已撤销" in client.get("/me").text
    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 404


def test_token_revoke_of_somebody_else_is_not_found(client, login):
    make_token(client)

    other = login(position(Role.OFFICE_ADMIN))

    assert other.post(reverse("token_revoke", args=[ApiToken.objects.get().pk])).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


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
