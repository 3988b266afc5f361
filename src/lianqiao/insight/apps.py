from importlib import import_module

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "lianqiao.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.insight.tasks")
        # It needs models, which are not there yet when this file is read.
        import_module("lianqiao.insight.around")
