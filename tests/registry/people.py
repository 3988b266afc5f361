import re

from django.urls import reverse


def detail(who):
    return reverse("person_detail", args=[who.pk])


def link_in(response):
    return re.search(r"/links/[\w-]{40,}", response.text).group()
