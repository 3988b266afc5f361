from importlib import import_module

from django.apps import AppConfig

from lianqiao.core.around import add_around


class MatchingConfig(AppConfig):
    name = "lianqiao.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A worker knows the kinds of jobs once their module was read.
        import_module("lianqiao.matching.tasks")
        import_module("lianqiao.matching.clockwork")
        # Its pages need models, which are not there yet when this file is read.
        suggesting = import_module("lianqiao.matching.pages.suggesting")
        for page, template, facts, area in suggesting.AROUND:
            add_around(page, template, facts, area)
        import_module("lianqiao.lists.shown").OPENED.append(suggesting.contacts_of_partners)
