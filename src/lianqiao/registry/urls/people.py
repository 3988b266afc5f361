from django.urls import path

from lianqiao.registry.pages import people, positions

urlpatterns = [
    path("people", people.person_list, name="person_list"),
    path("people/invite", people.person_invite, name="person_invite"),
    path("people/<int:pk>", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit", people.person_edit, name="person_edit"),
    path("people/<int:pk>/phone", people.person_phone, name="person_phone"),
    path("people/<int:pk>/invite", people.person_invite_again, name="person_invite_again"),
    path("people/<int:pk>/reset", people.person_reset, name="person_reset"),
    path("people/<int:pk>/suspend", people.person_suspend, name="person_suspend"),
    path("people/<int:pk>/resume", people.person_resume, name="person_resume"),
    path("people/<int:pk>/end-sessions", people.person_end_sessions, name="person_end_sessions"),
    path("people/<int:pk>/remove-factors", people.person_remove_factors, name="person_remove_factors"),
    path("people/<int:pk>/positions/grant", positions.position_grant, name="position_grant"),
    path("positions", positions.position_list, name="position_list"),
    path("positions/<int:pk>/end", positions.position_end, name="position_end"),
    path("positions/<int:pk>/extend", positions.position_extend, name="position_extend"),
    path("positions/<int:pk>/withdraw", positions.position_withdraw, name="position_withdraw"),
]
