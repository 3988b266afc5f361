from django.urls import path

from lianqiao.registry.pages import lookup

urlpatterns = [
    path("lookup/organisations", lookup.lookup_organisations, name="lookup_organisations"),
    path("lookup/codes/<str:kind>", lookup.lookup_codes, name="lookup_codes"),
]
