from importlib import import_module

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "lianqiao.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.projects.tasks")
