from django.urls import path

from lianqiao.portal.pages import forgotten, me, switches, tokens

urlpatterns = [
    path("me", me.me, name="me"),
    path("me/profile", me.me_profile, name="me_profile"),
    path("me/password", me.me_password, name="me_password"),
    path("me/preferences", me.me_preferences, name="me_preferences"),
    path("me/sessions/end", me.me_sessions_end, name="me_sessions_end"),
    path("me/tokens/add", tokens.token_add, name="token_add"),
    path("me/tokens/<int:pk>/revoke", tokens.token_revoke, name="token_revoke"),
    path("me/position", switches.position_switch, name="position_switch"),
    path("me/columns/<slug:name>", switches.remember_columns, name="remember_columns"),
    path("language", switches.set_language, name="set_language"),
    path("login/forgotten", forgotten.password_forgotten, name="password_forgotten"),
]
