from django.urls import path

from lianqiao.registry.pages import reference

urlpatterns = [
    path("reference", reference.reference_list, name="reference_list"),
    path("reference/import", reference.reference_import, name="reference_import"),
    path("reference/import/<str:upload>", reference.reference_compare, name="reference_compare"),
    path("reference/import/<str:upload>/discard", reference.reference_discard, name="reference_discard"),
    path("reference/<str:kind>", reference.reference_detail, name="reference_detail"),
]
