"""Is this organisation there already? The registry's use of the engine's name index."""

from dataclasses import dataclass
from functools import lru_cache

from django import forms
from django.db.models import Count, Max

from lianqiao.core.actor import Actor
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import listed_organisations
from lianqiao_engine.names import Likely, NameIndex, should_warn


@dataclass(frozen=True)
class LikelyDuplicate:
    organisation: Organisation
    likely: Likely
