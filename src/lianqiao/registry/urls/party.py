from django.urls import path

from lianqiao.registry.pages import party

urlpatterns = [
    path("branches", party.branch_list, name="branch_list"),
    path("branches/add", party.branch_add, name="branch_add"),
    path("branches/<int:pk>", party.branch_detail, name="branch_detail"),
    path("branches/<int:pk>/edit", party.branch_edit, name="branch_edit"),
    path("party-organisations", party.party_organisation_list, name="party_organisation_list"),
    path("party-organisations/found", party.party_organisation_found, name="party_organisation_found"),
    path("party-organisations/<int:pk>", party.party_organisation_detail, name="party_organisation_detail"),
    path("party-organisations/<int:pk>/edit", party.party_organisation_edit, name="party_organisation_edit"),
    path("party-organisations/<int:pk>/accessions/add", party.accession_add, name="accession_add"),
    path("accessions/<int:pk>/leave", party.accession_leave, name="accession_leave"),
]
