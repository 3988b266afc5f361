from django.urls import path

from lianqiao.matching.pages import plans, preparing, publishing, rounds

urlpatterns = [
    path("rounds", rounds.round_list, name="round_list"),
    path("rounds/add", rounds.round_add, name="round_add"),
    path("rounds/<int:pk>", rounds.round_detail, name="round_detail"),
    path("rounds/<int:pk>/scope", preparing.round_scope, name="round_scope"),
    path("rounds/<int:pk>/counts", preparing.round_counts, name="round_counts"),
    path("rounds/<int:pk>/rules", preparing.round_rules, name="round_rules"),
    path("rounds/<int:pk>/wish", preparing.round_wish, name="round_wish"),
    path("rounds/<int:pk>/wish/drop", preparing.round_wish_drop, name="round_wish_drop"),
    path("rounds/<int:pk>/do/<slug:move>", rounds.round_move, name="round_move"),
    path("rounds/<int:pk>/missed", plans.round_missed, name="round_missed"),
    path("rounds/<int:pk>/picture", plans.round_picture, name="round_picture"),
    path("rounds/<int:pk>/changes", plans.round_changes, name="round_changes"),
    path("rounds/<int:pk>/changes/<int:change>/undo", plans.round_change_undo, name="round_change_undo"),
    path("rounds/<int:pk>/needs/<int:need>", plans.round_need, name="round_need"),
    path("rounds/<int:pk>/needs/<int:need>/change", plans.round_change, name="round_change"),
    path("rounds/<int:pk>/publish", publishing.round_publish, name="round_publish"),
    path("rounds/<int:pk>/drop", publishing.round_drop_broken, name="round_drop_broken"),
    path("rounds/<int:pk>/compare", publishing.round_compare, name="round_compare"),
]
