from django.urls import path

from lianqiao.lists.pages import publicity

urlpatterns = [
    path("public", publicity.public_entries, name="public_entries"),
    path("public/<int:pk>", publicity.public_entry, name="public_entry"),
    path("public/settle", publicity.public_settle, name="public_settle"),
    path("public/<int:pk>/open", publicity.public_open, name="public_open"),
    path("public/<int:pk>/close", publicity.public_close, name="public_close"),
]
