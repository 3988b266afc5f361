from importlib import import_module

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lianqiao.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The receiver needs models, which are not there yet when this file is read.
        import_module("lianqiao.lists.hearing")
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.lists.tasks")
        import_module("lianqiao.lists.imports.tasks")
        import_module("lianqiao.lists.capture.tasks")
