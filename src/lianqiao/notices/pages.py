from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lianqiao.core.actor import SIGNED_IN
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.notices.actions import read_all
from lianqiao.notices.queries import notices_for
from lianqiao.notices.sentences import SENTENCES

SHOWN = 100


@page(read=SIGNED_IN)
def notice_list(request: Request) -> HttpResponse:
    notices = [(n, str(SENTENCES[n.template]) % n.facts) for n in notices_for(request.actor)[:SHOWN]]
    return render(request, "notices/notice_list.html", {"notices": notices})


@page(write=SIGNED_IN)
def notice_read_all(request: Request) -> HttpResponse:
    read_all(by=request.actor, now=timezone.now())
    return redirect("notice_list")
