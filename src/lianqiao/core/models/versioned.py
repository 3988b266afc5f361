from django.db import models


class Versioned(models.Model):
    """A row that counts its changes, so that a form can tell whether somebody was faster."""

    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True
