from importlib import import_module

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "lianqiao.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.agreements.tasks")
