from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person


class Notice(models.Model):
    """One message to one person: a template's code and its facts; the sentence is made when it is read."""

    person = models.ForeignKey(
        Person, verbose_name=_("收件人"), on_delete=models.CASCADE, related_name="notices"
    )
    template = models.CharField(_("模板"), max_length=40)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        verbose_name = _("消息")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.template
