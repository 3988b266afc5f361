"""What calls leave behind, besides what they do."""

from datetime import datetime, timedelta

from lianqiao.accounts.models import ApiToken
from lianqiao.api.models import KeptAnswer
from lianqiao.core.actor import Actor

NOTED_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(hours=24)


def note_use(token: ApiToken, *, by: Actor, now: datetime) -> None:
    """Remember when a token was last used; not at every call, which would make every read a write."""
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)


def claim_key(key: str, *, by: Actor, fingerprint: str, now: datetime) -> tuple[KeptAnswer, bool]:
    """The answer kept for this key of the position, and whether the key was free until now.

    Inside a transaction: a repeat that comes while the first call still runs waits here for its end, on SQLite
    for the write lock and on PostgreSQL for the unique index.
    """
    if by.position_id is None:
        raise ValueError(by)
    KeptAnswer.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
    return KeptAnswer.objects.get_or_create(
        position_id=by.position_id, key=key, defaults={"fingerprint": fingerprint, "kept_at": now}
    )
