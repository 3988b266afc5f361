"""For whatever watches the server: is it alive, is it ready."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import page
from lianqiao.core.request import Request


@page(read=EVERYONE)
def healthz(request: Request) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@page(read=EVERYONE)
def readyz(request: Request) -> HttpResponse:
    """200 when the database answers and is migrated, 503 with the reason otherwise."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return JsonResponse({"status": "not migrated", "waiting": len(waiting)}, status=503)
    return JsonResponse({"status": "ok", "database": connection.vendor})
