from django.urls import include, path

handler500 = "lianqiao.core.errors.server_error"

urlpatterns = [
    path("", include("lianqiao.portal.urls")),
    path("", include("lianqiao.portal.urls_me")),
    path("", include("lianqiao.core.urls")),
    path("", include("lianqiao.accounts.urls")),
    path("", include("lianqiao.notices.urls")),
    path("", include("lianqiao.registry.urls.organisations")),
    path("", include("lianqiao.registry.urls.merging")),
    path("", include("lianqiao.registry.urls.lookup")),
    path("", include("lianqiao.registry.urls.chains")),
    path("", include("lianqiao.registry.urls.party")),
    path("", include("lianqiao.registry.urls.people")),
    path("", include("lianqiao.registry.urls.reference")),
    path("", include("lianqiao.lists.urls.entries")),
    path("", include("lianqiao.lists.urls.habits")),
    path("", include("lianqiao.lists.urls.asking")),
    path("", include("lianqiao.lists.urls.publicity")),
    path("", include("lianqiao.lists.urls.imports")),
    path("", include("lianqiao.lists.urls.capture")),
    path("", include("lianqiao.agreements.urls.agreements")),
    path("", include("lianqiao.matching.urls.rounds")),
    path("", include("lianqiao.matching.urls.matches")),
    path("", include("lianqiao.insight.urls.figures")),
    path("", include("lianqiao.projects.urls.projects")),
    path("api/", include("lianqiao.api.urls")),
]
