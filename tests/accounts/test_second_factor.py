"""One-time codes and recovery codes, from setting up to logging in, with real codes of the real secret."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import SecurityRule
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, person, position

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(time_machine):
    cache.clear()
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def held():
    return position(Role.OFFICE_ADMIN, who=person("张伟", username="zhangwei"))


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def log_in(client, username="zhangwei"):
    return client.post("/login", {"login": username, "password": PASSWORD})


def confirm_again(client):
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/me"})
    assert (response.status_code, response.url) == (302, "/me")


def activate(client):
    confirm_again(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert (response.status_code, response.url) == (302, reverse("mfa_view_recovery_codes"))
    return secret


def second_step(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_mfa_activate_totp_asks_for_the_password_first(held, client):
    log_in(client)

    response = client.get(reverse("mfa_activate_totp"))

    assert (response.status_code, response.url) == (
        302,
        f"{reverse('account_reauthenticate')}?next=%2Fsecond-factor%2Fcode%2Factivate",
    )
    assert "请再确认一次是您本人" in client.get(response.url).text


def test_account_reauthenticate_with_a_wrong_password_is_refused(held, client):
    log_in(client)

    response = client.post(reverse("account_reauthenticate"), {"password": "wrong-password"})

    assert response.status_code == 200
    assert "密码不正确。" in response.text


def test_mfa_activate_totp_shows_the_secret_as_a_picture_and_as_text(held, client):
    log_in(client)
    confirm_again(client)

    page = client.get(reverse("mfa_activate_totp"))

    assert page.context["form"].secret in page.text
    assert 'src="data:image/svg+xml;base64,' in page.text


def test_mfa_activate_totp_refuses_a_wrong_code(held, client):
    log_in(client)
    confirm_again(client)
    client.get(reverse("mfa_activate_totp"))

    response = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert "验证码不正确，或已经用过、过期。" in response.text
    assert Authenticator.objects.count() == 0


def test_login_needs_the_code_once_it_is_set_up(held, client, noon):
    log_in(client)
    secret = activate(client)
    other = Client()

    first = log_in(other)
    inside = other.get("/me").status_code
    noon.shift(30)
    second = second_step(other, code_of(secret))

    assert (first.status_code, first.url) == (302, reverse("mfa_authenticate"))
    assert inside == 302
    assert (second.status_code, second.url) == (302, "/")
    assert other.get("/me").status_code == 200


@pytest.mark.parametrize("written", ["{0} {1}", "　{0}{1}"])
def test_mfa_authenticate_takes_a_code_in_groups(held, client, noon, written):
    log_in(client)
    secret = activate(client)
    other = Client()
    log_in(other)
    noon.shift(60)
    code = code_of(secret)

    assert second_step(other, written.format(code[:3], code[3:])).url == "/"


def test_mfa_authenticate_takes_full_width_digits(held, client, noon):
    log_in(client)
    secret = activate(client)
    other = Client()
    log_in(other)
    noon.shift(60)
    full = code_of(secret).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert second_step(other, full).url == "/"


def test_mfa_authenticate_takes_no_code_twice(held, client, noon):
    log_in(client)
    secret = activate(client)
    noon.shift(60)
    code = code_of(secret)
    one, two = Client(), Client()
    log_in(one)
    log_in(two)

    first = second_step(one, code)
    # Past the period in which allauth itself remembers the code, within the one it would still accept.
    noon.shift(35)
    again = second_step(two, code)

    assert first.status_code == 302
    assert again.status_code == 200
    assert "这组动态口令已经用过，请等下一组。" in again.text


def test_mfa_authenticate_locks_after_five_wrong_codes_and_tells_the_trail(held, client):
    log_in(client)
    activate(client)
    other = Client()
    log_in(other)

    answers = [second_step(other, "000000").status_code for _ in range(5)]

    assert answers == [200] * 4 + [429]
    assert second_step(other, "000000").status_code == 429
    assert log_in(Client()).status_code == 429
    assert AuditEntry.objects.filter(action="login_failed").count() >= 5


def test_mfa_authenticate_takes_each_recovery_code_once(held, client):
    log_in(client)
    activate(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    one, two = Client(), Client()
    log_in(one)
    log_in(two)

    first = second_step(one, codes[0])
    again = second_step(two, codes[0])

    assert len(codes) == 10
    assert first.url == "/"
    assert again.status_code == 200
    assert "验证码不正确" in again.text


def test_mfa_view_recovery_codes_and_download_show_the_same(held, client):
    log_in(client)
    activate(client)

    shown = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    file = client.get(reverse("mfa_download_recovery_codes"))

    assert [code for code in shown if code not in file.text] == []
    assert file.headers["Content-Type"] == "text/plain"


def test_mfa_generate_recovery_codes_makes_the_old_ones_void(held, client):
    log_in(client)
    activate(client)
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert "原来的 10 个全部作废" in client.get(reverse("mfa_generate_recovery_codes")).text

    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    assert set(old) & set(new) == set()


def test_mfa_deactivate_totp_makes_the_password_enough_again(held, client):
    log_in(client)
    activate(client)
    assert "停用动态口令" in client.get(reverse("mfa_deactivate_totp")).text

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.count() == 0
    assert log_in(Client()).url == "/"


def test_mfa_reauthenticate_takes_the_code_instead_of_the_password(held, client, noon):
    log_in(client)
    secret = activate(client)
    other = Client()
    log_in(other)
    noon.shift(60)
    second_step(other, code_of(secret))
    noon.shift(90)
    assert "动态口令或备用码" in other.get(reverse("mfa_reauthenticate")).text

    response = other.post(reverse("mfa_reauthenticate"), {"code": code_of(secret), "next": "/me/profile"})

    assert response.url == "/me/profile"
    assert other.get("/me/profile").status_code == 200


def test_second_factor_is_audited(held, client, django_capture_on_commit_callbacks):
    log_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        activate(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_deactivate_totp"))

    told = AuditEntry.objects.filter(action__contains="factor").order_by("id")

    assert [(e.action, e.person_id, e.before or e.after) for e in told] == [
        ("accounts.add_factor", held.person_id, '{"type":"totp"}'),
        ("accounts.add_factor", held.person_id, '{"type":"recovery_codes"}'),
        ("accounts.remove_factor", held.person_id, '{"type":"totp"}'),
        ("accounts.remove_factor", held.person_id, '{"type":"recovery_codes"}'),
    ]


def test_second_factor_demanded_leads_staff_to_setting_it_up_and_nowhere_else(held, client, login):
    administrator = login(position(Role.SYSTEM_ADMIN))
    log_in(client)
    assert client.get("/").status_code == 200

    administrator.post(reverse("security"), {"second_factor": "on"})

    assert SecurityRule.objects.get().second_factor is True
    assert client.get("/").url == reverse("mfa_index")
    assert client.get("/people").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("set_language"), {"language": "zh-hans"}).status_code == 302
    activate(client)
    assert client.get("/people").status_code == 200


def test_second_factor_demanded_leaves_contacts_alone(login):
    SecurityRule.objects.create(pk=1, second_factor=True)

    assert login(position(Role.ENTERPRISE_CONTACT)).get("/").status_code == 200


def test_security_is_for_the_system_administrator_alone(login):
    answers = {role: login(position(role)).get(reverse("security")).status_code for role in Role}

    assert answers == dict.fromkeys(Role, 403) | {Role.SYSTEM_ADMIN: 200}


def test_person_remove_factors_lets_somebody_in_who_lost_the_phone(held, client, login):
    log_in(client)
    activate(client)
    administrator = login(position(Role.SYSTEM_ADMIN))
    url = reverse("person_remove_factors", args=[held.person_id])
    assert "此操作不能撤销" in administrator.get(url).text

    response = administrator.post(url)

    assert response.status_code == 302
    assert Authenticator.objects.count() == 0
    assert client.get("/me").status_code == 302
    assert log_in(Client()).url == "/"


def test_mfa_authenticate_after_a_quarter_of_an_hour_starts_anew(held, client, noon):
    log_in(client)
    secret = activate(client)
    other = Client()
    log_in(other)
    noon.shift(timedelta(minutes=16))

    assert second_step(other, code_of(secret)).url == "/login"
