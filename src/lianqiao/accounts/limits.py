"""How often one network may ask for what anybody may ask for."""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache


def asks_too_often(event: str, network: str, *, now: datetime) -> bool:
    """Counts this time as well; limit and window are those of failed logins, for an office shares one address."""
    key = f"accounts.limits.{event}.{network}"
    asked = [at for at in cache.get(key, []) if at > now - settings.AXES_COOLOFF_TIME]
    if len(asked) >= settings.AXES_NETWORK_FAILURE_LIMIT:
        return True
    cache.set(key, [*asked, now], settings.AXES_COOLOFF_TIME.total_seconds())
    return False
