from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lianqiao.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The receivers need models, which are not there yet when this file is read.
        import_module("lianqiao.accounts.hearing")
