"""Django says when a database was migrated; the index over the entries is looked after then."""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from lianqiao.lists.index import TABLE, prepare


@receiver(post_migrate, sender=apps.get_app_config("lists"))
def prepare_index(using: str, **_facts: Any) -> None:
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        prepare(connection)
