from django.urls import path

from lianqiao.lists.pages import answering, asking

urlpatterns = [
    path("askings", asking.asking_list, name="asking_list"),
    path("askings/choose", asking.asking_choose, name="asking_choose"),
    path("askings/add", asking.asking_add, name="asking_add"),
    path("askings/sheet", asking.asking_sheet, name="asking_sheet"),
    path("askings/<int:pk>", asking.asking_detail, name="asking_detail"),
    path("askings/<int:pk>/renew", asking.asking_renew, name="asking_renew"),
    path("askings/<int:pk>/revoke", asking.asking_revoke, name="asking_revoke"),
    path("entries/<int:pk>/ask", asking.asking_confirm, name="asking_confirm"),
    # What follows "links/" is kept out of the log (accounts/logs.py).
    path("asking/links/<str:token>", answering.asking_open, name="asking_open"),
]
