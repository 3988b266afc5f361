from django.urls import path

from lianqiao.registry.pages import merging

urlpatterns = [
    path("organisations/<int:pk>/merge", merging.organisation_merge, name="organisation_merge"),
    path("merges/<int:pk>/undo", merging.merge_undo, name="merge_undo"),
]
