from django.urls import path

from lianqiao.matching.pages import answering, desk, learning, matches, pairings, suggesting

urlpatterns = [
    path("matches", matches.match_list, name="match_list"),
    path("matches/desk", desk.match_desk_list, name="match_desk_list"),
    path("matches/desk/<int:pk>", desk.match_desk, name="match_desk"),
    path("matches/<int:pk>", matches.match_detail, name="match_detail"),
    path("matches/<int:pk>/accept", matches.match_accept, name="match_accept"),
    path("matches/<int:pk>/decline", matches.match_decline, name="match_decline"),
    path("matches/<int:pk>/rescope", matches.match_rescope, name="match_rescope"),
    path("matches/<int:pk>/withdraw", matches.match_withdraw, name="match_withdraw"),
    path("matches/<int:pk>/fall-through", matches.match_fall_through, name="match_fall_through"),
    path("matches/<int:pk>/link", answering.match_link, name="match_link"),
    path("entries/<int:pk>/invite/<int:other>", matches.match_invite, name="match_invite"),
    path("entries/<int:pk>/suggestions", suggesting.entry_suggestions, name="entry_suggestions"),
    path("entries/<int:pk>/dismiss/<int:other>", suggesting.dismissal_add, name="dismissal_add"),
    path("dismissals/<int:pk>/remove", suggesting.dismissal_remove, name="dismissal_remove"),
    # What follows "links/" is kept out of the log (accounts/logs.py).
    path("matches/links/<str:token>", answering.match_open, name="match_open"),
    path("answer-terms", answering.answer_term_list, name="answer_term_list"),
    path("answer-terms/<int:pk>", answering.answer_term_edit, name="answer_term_edit"),
    path("pairings", pairings.pairing_list, name="pairing_list"),
    path("pairings/<int:pk>", pairings.pairing_detail, name="pairing_detail"),
    path("pairings/<int:pk>/confirm", pairings.pairing_confirm, name="pairing_confirm"),
    path("pairings/<int:pk>/decline", pairings.pairing_decline, name="pairing_decline"),
    path("pairings/<int:pk>/end", pairings.pairing_end, name="pairing_end"),
    path("learning", learning.learning, name="learning"),
    path("learning/<int:pk>/propose", learning.learning_propose, name="learning_propose"),
    path("weightings/<int:pk>", learning.weighting_detail, name="weighting_detail"),
    path("weightings/<int:pk>/approve", learning.weighting_approve, name="weighting_approve"),
    path("weightings/<int:pk>/refuse", learning.weighting_refuse, name="weighting_refuse"),
    path("weightings/<int:pk>/undo", learning.weighting_undo, name="weighting_undo"),
]
