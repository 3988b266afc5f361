from django.urls import path

from lianqiao.notices import pages

urlpatterns = [
    path("notices", pages.notice_list, name="notice_list"),
    path("notices/read", pages.notice_read_all, name="notice_read_all"),
]
