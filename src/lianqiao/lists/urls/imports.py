from django.urls import path

from lianqiao.lists.pages import imports

urlpatterns = [
    path("imports", imports.import_list, name="import_list"),
    path("imports/add", imports.import_add, name="import_add"),
    path("imports/template", imports.import_template, name="import_template"),
    path("imports/practice", imports.import_practice, name="import_practice"),
    path("imports/<int:pk>", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/names", imports.import_names, name="import_names"),
    path("imports/<int:pk>/register", imports.import_register, name="import_register"),
    path("imports/<int:pk>/twins", imports.import_twins, name="import_twins"),
    path("imports/<int:pk>/start", imports.import_start, name="import_start"),
    path("imports/<int:pk>/drop", imports.import_drop, name="import_drop"),
    path("imports/<int:pk>/undo", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/refused", imports.import_refused, name="import_refused"),
    path("entries/workbook", imports.lists_export, name="lists_export"),
]
