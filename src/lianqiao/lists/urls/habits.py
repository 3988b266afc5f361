from django.urls import path

from lianqiao.lists.pages import habits

urlpatterns = [
    path("categories", habits.category_list, name="category_list"),
    path("categories/add", habits.category_add, name="category_add"),
    path("categories/begin/<int:pk>", habits.categories_begin, name="categories_begin"),
    path("categories/<int:pk>/edit", habits.category_edit, name="category_edit"),
    path("categories/<int:pk>/retire", habits.category_retire, name="category_retire"),
    path("categories/<int:pk>/revive", habits.category_revive, name="category_revive"),
    path("freshness", habits.freshness_list, name="freshness_list"),
    path("freshness/<int:pk>/<str:kind>", habits.freshness_edit, name="freshness_edit"),
]
