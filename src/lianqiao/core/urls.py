from django.urls import path

from lianqiao.core.pages import audit, jobs

urlpatterns = [
    path("jobs", jobs.job_list, name="job_list"),
    path("jobs/<int:pk>", jobs.job_detail, name="job_detail"),
    path("jobs/<int:pk>/cancel", jobs.job_cancel, name="job_cancel"),
    path("audit", audit.audit_list, name="audit_list"),
    path("audit/<int:pk>", audit.audit_detail, name="audit_detail"),
    path("audit/verify", audit.audit_verify, name="audit_verify"),
]
