from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from lianqiao.core.actor import Actor


class AccountsConfig(AppConfig):
    name = "lianqiao.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django tells of logins by signals only; these three are the audit trail's ears.
        user_logged_in.connect(tell("login"), dispatch_uid="audit.login", weak=False)
        user_logged_out.connect(tell("logout"), dispatch_uid="audit.logout", weak=False)
        user_login_failed.connect(tell_failure, dispatch_uid="audit.failure", weak=False)


def acting(request: HttpRequest | None, person: Any) -> Actor:
    before = getattr(request, "actor", None) or Actor()
    return Actor(
        person_id=person.pk if person else None,
        name=person.name if person else "",
        request_id=before.request_id,
        network=before.network,
    )


def tell(action: str) -> Any:
    def receiver(request: HttpRequest, user: Any, **_: Any) -> None:
        # Models are not ready when the app is; the trail is needed only when somebody logs in.
        from lianqiao.core.audit import record

        if user is not None:
            record(acting(request, user), action, user)

    return receiver


def tell_failure(request: HttpRequest | None, credentials: dict[str, Any], **_: Any) -> None:
    # Same reason as above.
    from lianqiao.core.audit import record

    record(acting(request, None), "login_failed", after={"login": str(credentials.get("username", ""))[:40]})
