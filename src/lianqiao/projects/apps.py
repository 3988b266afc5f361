from importlib import import_module

from django.apps import AppConfig

from lianqiao.core.around import add_around


class ProjectsConfig(AppConfig):
    name = "lianqiao.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.projects.tasks")
        # Its pages need models, which are not there yet when this file is read.
        pages = import_module("lianqiao.projects.pages.around")
        for page, facts in pages.AROUND:
            add_around(page, pages.TEMPLATE, facts)
        queries = import_module("lianqiao.projects.queries")
        import_module("lianqiao.matching.actions.falling").GOES_ON.append(queries.born_of)
        import_module("lianqiao.matching.queries.learning").SPOILED.append(queries.spoiled_matches)
