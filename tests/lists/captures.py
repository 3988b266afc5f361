"""A meeting's minutes on their way into the lists, as a clerk sends them."""

from django.urls import reverse

from lianqiao.lists.models import Capture

NEED = "甲建筑公司提出，希望学校提供幕墙检测的技术支持。"
MINUTES = f"""建筑产业链座谈会纪要
2026年10月24日上午，座谈会在淮海文博园举行。
{NEED}
江苏建筑职业技术学院表示，可以提供装配式建筑实训基地，供企业培训使用。
恒源建材有限公司希望招聘造价员10名。
江苏建筑职业技术学院与甲建筑公司签署校企共建协议。"""


def given(on, text=MINUTES, **more):
    return {"chain": on.pk, "source": "roundtable", "day": "2026-10-24", "text": text} | more


def captured(clerk, on, text=MINUTES):
    answer = clerk.post(reverse("capture_add"), given(on, text))
    return Capture.objects.get(pk=int(answer.url.rpartition("/")[2]))


def shown(clerk, capture):
    return clerk.get(reverse("capture_review", args=[capture.pk])).context["form"]


def filled(form, **changed):
    """What a browser sends of the form as it stands."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changed).items() if value not in (None, False)}


def line_of(capture, part):
    return next(at for at, said in enumerate(capture.found["entries"]) if part in said["sentence"])


def written(clerk, capture, **changed):
    data = filled(shown(clerk, capture), **{name.replace("_", "-"): one for name, one in changed.items()})
    return clerk.post(reverse("capture_review", args=[capture.pk]), data)
