"""What allauth asks of us for one-time codes and passkeys."""

import base64
from io import BytesIO

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathFillImage

from lianqiao.accounts.models import Person

# A code is accepted one period early or late, so it must not come twice within three.
CODE_LASTS = 90


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy("现在不能停用双重验证。"),
        "cannot_generate_recovery_codes": gettext_lazy("须先设置动态口令或通行密钥，才能生成备用码。"),
        "incorrect_code": gettext_lazy("验证码不正确，或已经用过、过期。请输入最新的一组。"),
    }

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        return _("我的设备")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": _("链桥")}

    def get_public_key_credential_user_entity(self, user: Person) -> dict:
        return super().get_public_key_credential_user_entity(user) | {
            "display_name": user.name,
            "name": user.username,
        }


def is_first_use(person: Person, code: str) -> bool:
    return cache.add(f"accounts.code.{person.pk}.{code}", True, timeout=CODE_LASTS)


def qr_svg(text: str) -> str:
    """White behind the dots, or a dark page would swallow them."""
    buffer = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage).save(buffer)
    return buffer.getvalue().decode()


def qr_image(text: str) -> str:
    """The same as the address of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(text).encode()).decode()
