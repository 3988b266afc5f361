"""An operation of the API is declared together with who may call it; without that it cannot be registered."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from ninja import NinjaAPI, Router
from ninja.decorators import decorate_view

from lianqiao.api.authentication import BearerToken, SessionCookie
from lianqiao.api.door import door
from lianqiao.api.idempotency import PARAMETER, REPLAYED
from lianqiao.api.policy import OperationPolicy
from lianqiao.api.problems import Problem
from lianqiao.core.actor import PUBLIC
from lianqiao.core.again import again

ALWAYS = (400, 422, 500, 503, 507)
SIGNED_IN = (401, 403)
WRITES = (409, 411, 413, 415)


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    allow: frozenset[str],
    answer: Any,
    permission: str | None = None,
    status: int = 200,
    upload: int = 0,
    in_schema: bool = True,
) -> Callable[[Callable], Callable]:
    """Register a function under its own name: its operation id, and the stem of its tests."""

    def decorate(function: Any) -> Any:
        policy = OperationPolicy(function.__name__, method.upper(), path, allow, permission, upload=upload)
        wrapped: Any = decorate_view(door(policy))(again(function) if policy.writes else function)
        router.add_api_operation(
            path,
            [policy.method],
            wrapped,
            auth=None if PUBLIC in allow else [BearerToken(), SessionCookie()],
            response={status: answer} | dict.fromkeys(statuses(policy), Problem),
            operation_id=policy.name,
            summary=policy.name,
            include_in_schema=in_schema,
            openapi_extra=extra(policy, status),
        )
        policy.query = query_names(wrapped._ninja_operation)
        wrapped.policy = policy
        return wrapped

    return decorate


def statuses(policy: OperationPolicy) -> list[int]:
    """Every error that can be answered, for the schema."""
    found = [*ALWAYS]
    if PUBLIC not in policy.allow:
        found += SIGNED_IN
    if "{" in policy.path:
        found.append(404)
    return sorted([*found, *WRITES] if policy.writes else found)


def extra(policy: OperationPolicy, status: int) -> dict[str, Any]:
    if not policy.writes:
        return {}
    replayed = {
        "description": "The answer was kept from the first time.",
        "schema": {"type": "string", "const": "true"},
    }
    return {"parameters": [PARAMETER], "responses": {status: {"headers": {REPLAYED: replayed}}}}


def query_names(registered: Any) -> frozenset[str]:
    models = [model for model in registered.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in models for name in model.__ninja_flatten_map__)


def policies(api: NinjaAPI) -> Iterator[OperationPolicy]:
    """Raises ImproperlyConfigured for an operation that was registered without a policy."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for registered in view.operations:
                policy = getattr(registered.view_func, "policy", None)
                if not isinstance(policy, OperationPolicy):
                    raise ImproperlyConfigured(f"{registered.methods} {path} has no policy")
                yield policy
