from importlib import import_module

from django.apps import AppConfig

from lianqiao.core.around import add_around


class AgreementsConfig(AppConfig):
    name = "lianqiao.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The worker's clock knows a periodic task once its module was read.
        import_module("lianqiao.agreements.tasks")
        nearby = import_module("lianqiao.agreements.nearby")
        for page, facts in (
            ("pairing_detail", nearby.of_pairing),
            ("match_detail", nearby.of_match),
            ("organisation_detail", nearby.of_organisation),
        ):
            add_around(page, "agreements/nearby.html", facts)
        import_module("lianqiao.matching.actions.falling").GOES_ON.append(
            import_module("lianqiao.agreements.queries").born_of
        )
