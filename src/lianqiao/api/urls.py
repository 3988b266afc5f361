"""The API, put together: its resources, its answers to errors, its addresses."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, reverse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from lianqiao.api.json import ReadableRenderer, StrictParser
from lianqiao.api.operation import operation, policies
from lianqiao.api.problems import answer_to, problem
from lianqiao.api.resources import (
    accessions,
    agreements,
    agreements_moves,
    agreements_obligations,
    audit,
    branches,
    categories,
    chains,
    comments,
    entries,
    entry_moves,
    figures,
    imports,
    jobs,
    links,
    matches,
    me,
    memberships,
    merges,
    organisations,
    pairings,
    placing,
    positions,
    projects,
    projects_moves,
    projects_outcomes,
    projects_work,
    reference,
    rounds,
    search,
    segments,
    units,
)
from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import Policy
from lianqiao.core.request import Request

api = NinjaAPI(
    title="Lianqiao",
    version="1",
    description="docs/reference/api.md",
    openapi_url=None,
    docs_url=None,  # the documentation page of the library brings scripts that our CSP forbids
    urls_namespace="api",
    parser=StrictParser(),
    renderer=ReadableRenderer(),
)
told_by: Any = answer_to  # typed for our own kind of request
for error in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(error, told_by)
for resource in (
    me,
    chains,
    segments,
    links,
    organisations,
    merges,
    memberships,
    placing,
    units,
    branches,
    accessions,
    positions,
    reference,
    categories,
    entries,
    entry_moves,
    comments,
    imports,
    rounds,
    agreements,
    agreements_moves,
    agreements_obligations,
    matches,
    pairings,
    projects,
    projects_moves,
    projects_outcomes,
    projects_work,
    figures,
    search,
    jobs,
    audit,
):
    api.add_router("", resource.router)

last = Router()
api.add_router("", last)


@operation(last, "get", "/openapi.json", allow=EVERYONE, answer=dict[str, Any], in_schema=False)
def openapi(request: Request) -> OpenAPISchema:
    """The shape of everything else."""
    return document()


@cache
def document() -> OpenAPISchema:
    """It takes a second to put together, and a process never changes it."""
    return api.get_openapi_schema()


def operations() -> Iterator[dict[str, Any]]:
    """Every operation with what each role may do there, for `lianqiao routes --json` and the census."""
    root = reverse("api:api-root")
    for policy in policies(api):
        yield {
            "path": root + policy.path.lstrip("/"),
            "method": policy.method,
            "operation": policy.name,
            "permission": policy.permission,
            "policy": policy.explicit(),
        }


def nowhere(request: Request, **_address: str) -> HttpResponse:
    return problem(request, 404)


def answered_as_get(request: Request, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """HEAD is GET whose body the server leaves out; registered as a method of its own, the library would describe
    each operation twice under one name."""
    asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = asked


def shaped(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A view of the library with our words for a method it does not know, open to its operations' policies."""

    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = answered_as_get(request, view, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            told = problem(request, 405)
            methods = set(response.headers["Allow"].split(", "))
            told.headers["Allow"] = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
            return told
        return response

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    answered.before_second_factor = True  # type: ignore[attr-defined]
    answered.policy = OPEN  # type: ignore[attr-defined]
    return answered


# The door asks who calls and measures the body itself, in that order.
OPEN = Policy(by_operation=True, largest=2**63)
list(policies(api))  # refuses an operation without a policy as soon as the addresses are read
# Not named app_name: `include` would take it for the whole module.
routes, app, namespace = api.urls
for route in routes:
    if isinstance(route, URLPattern):
        route.callback = shaped(nowhere if route.name == "api-root" else route.callback)
urlpatterns = [
    path("", (routes, app, namespace)),
    path("<path:rest>", shaped(nowhere)),
]
