from django.urls import path

from lianqiao.registry.pages import chains, members, undoing, units

urlpatterns = [
    path("chains", chains.chain_list, name="chain_list"),
    path("chains/add", chains.chain_add, name="chain_add"),
    path("chains/<int:pk>", chains.chain_detail, name="chain_detail"),
    path("chains/<int:pk>/edit", chains.chain_edit, name="chain_edit"),
    path("chains/<int:pk>/segments/add", chains.segment_add, name="segment_add"),
    path("segments/<int:pk>/edit", chains.segment_edit, name="segment_edit"),
    path("segments/<int:pk>/remove", chains.segment_remove, name="segment_remove"),
    path("segments/<int:pk>/link", chains.segment_link, name="segment_link"),
    path("segment-links/<int:pk>/unlink", chains.segment_unlink, name="segment_unlink"),
    path("memberships/add", members.membership_add, name="membership_add"),
    path("memberships/place", members.members_place, name="members_place"),
    path("undo", undoing.undo, name="undo"),
    path("memberships/<int:pk>/edit", members.membership_edit, name="membership_edit"),
    path("memberships/<int:pk>/end", members.membership_end, name="membership_end"),
    path("organisations/<int:pk>/units/add", units.unit_add, name="unit_add"),
    path("units/<int:pk>", units.unit_detail, name="unit_detail"),
    path("units/<int:pk>/edit", units.unit_edit, name="unit_edit"),
]
