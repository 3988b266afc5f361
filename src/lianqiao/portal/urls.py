from django.urls import path

from lianqiao.portal import health
from lianqiao.portal.pages import home, licences

urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("licences", licences.licences, name="licences"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
