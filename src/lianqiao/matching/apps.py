from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "lianqiao.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A worker knows the kinds of jobs once their module was read.
        import_module("lianqiao.matching.tasks")
