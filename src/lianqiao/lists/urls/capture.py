from django.urls import path

from lianqiao.lists.pages import capture

urlpatterns = [
    path("captures", capture.capture_list, name="capture_list"),
    path("captures/add", capture.capture_add, name="capture_add"),
    path("captures/<int:pk>", capture.capture_review, name="capture_review"),
    path("captures/<int:pk>/text", capture.capture_text, name="capture_text"),
    path("captures/<int:pk>/drop", capture.capture_drop, name="capture_drop"),
]
