"""Every address with who may do what there, as the policies say it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from lianqiao.api.urls import operations
from lianqiao.core.policy import Policy


def every_route() -> Iterator[dict[str, Any]]:
    """Pages first, then the API's operations; an API view stands for its operations and is not told itself."""
    for path, entry in patterns(get_resolver(), "/"):
        # Each view has one: the middleware lets nobody through to one that has none.
        policy: Policy = vars(entry.callback)["policy"]
        if not policy.by_operation:
            yield {
                "path": path,
                "name": str(entry.name),
                "kind": "page",
                "methods": policy.methods,
                "policy": dict(policy.explicit()),
            }
    for operation in operations():
        yield {
            "path": operation["path"],
            "name": operation["operation"],
            "kind": "operation",
            "methods": [operation["method"]],
            "policy": dict(operation["policy"]),
        }


def patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry
