from django.urls import path

from lianqiao.registry.pages import organisations

urlpatterns = [
    path("organisations", organisations.organisation_list, name="organisation_list"),
    path("organisations/add", organisations.organisation_add, name="organisation_add"),
    path("organisations/likely", organisations.organisation_likely, name="organisation_likely"),
    path("organisations/<int:pk>", organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/edit", organisations.organisation_edit, name="organisation_edit"),
    path(
        "organisations/<int:pk>/describe", organisations.organisation_describe, name="organisation_describe"
    ),
    path("organisations/<int:pk>/close", organisations.organisation_close, name="organisation_close"),
    path("organisations/<int:pk>/reopen", organisations.organisation_reopen, name="organisation_reopen"),
]
