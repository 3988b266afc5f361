"""A round of 10,000 needs and 10,000 resources as a job, part by part; seconds and memory.

    python -m bench.rounds [needs and offers a side]
    python tools/postgres.py python -m bench.rounds [needs and offers a side]

In an installation of its own in a temporary folder, on the database that DATABASE_URL names, else on SQLite. What is
asked for: 60 s as a job. The texts are those of ../shared/bench/generate_entries.py. `read`: the lists, wishes and what
was before; `hold`: candidates, plan, reasons, alternatives, prices; `pack`: the record; `write`: everything into the
database in one transaction. Then the pages that a plan of this size has, and what a replay takes.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from .entries import GENERATOR, items

PARTS: dict[str, float] = {}


def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            PARTS[name] = PARTS.get(name, 0.0) + time.perf_counter() - begin

    return run


def lists_of(many: int) -> Any:
    """A chain with `many` needs and as many resources, of the organisations and units that the generator names."""
    from lianqiao.core.bulk import blank, insert_rows, new_ids  # noqa: PLC0415
    from lianqiao.lists.models import Entry  # noqa: PLC0415
    from tests import factories as make  # noqa: PLC0415

    chain = make.chain()
    needs, offers = items(many, "need"), items(many, "offer")
    schools = [make.organisation(f"第{n}职业学院", kind="school") for n in range(10)]
    units = {
        owner: make.unit(schools[owner % 10], f"第{owner}学院") for owner in sorted(set(offers["owner"]))
    }
    firms = {owner: make.organisation(f"第{owner}建设有限公司") for owner in sorted(set(needs["owner"]))}
    example = make.entry("need", chain, organisation=make.member(chain))
    usual = blank(Entry) | {
        field.attname: getattr(example, field.attname) for field in Entry._meta.concrete_fields
    }
    ids = iter(new_ids(Entry, 2 * many))

    def rows() -> Any:
        for kind, of in (("need", needs), ("resource", offers)):
            for at, text in enumerate(of["texts"]):
                owner = of["owner"][at]
                unit = units[owner] if kind == "resource" else None
                yield usual | {
                    "id": next(ids),
                    "kind": kind,
                    "number": 1_000_000 + at,
                    "title": text.split("。")[0][:120],
                    "description": text,
                    "organisation_id": unit.organisation_id if unit else firms[owner].pk,
                    "unit_id": unit.pk if unit else None,
                    "capacity": int(of["cap"][at]) if kind == "resource" else None,
                }

    insert_rows(Entry, rows())
    example.state = "withdrawn"
    example.save()
    return chain


def main() -> None:
    if not GENERATOR.exists():
        print(f"{GENERATOR} is absent: nothing measured")
        return
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with TemporaryDirectory() as folder:
        os.environ["LIANQIAO_DATA"] = folder
        os.mkdir(os.path.join(folder, "static"))
        os.environ["LIANQIAO_QUEUE"] = "immediate"
        os.environ.setdefault("LIANQIAO_SECRET_KEY", "only-for-this")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqiao.config.settings")
        import django  # noqa: PLC0415 - after the settings' environment is made

        django.setup()
        from django.conf import settings  # noqa: PLC0415

        # The names of static files are hashed when they are laid out, which is not what is measured.
        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        measure(many)


def measure(many: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from lianqiao.core.actor import Role  # noqa: PLC0415
    from lianqiao.core.models import Job  # noqa: PLC0415
    from lianqiao.matching import engine, tasks  # noqa: PLC0415
    from lianqiao.matching.actions.rounds import begin_round, publish_round, run_round  # noqa: PLC0415
    from tests import factories as make  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    print(f"{many} needs, {many} resources, objective fair, every enterprise and every unit owed a partner\n")
    chain = lists_of(many)
    admin = make.position(Role.OFFICE_ADMIN, chain)
    by = make.actor_of(admin)
    tasks.inputs_now = timed("read", tasks.inputs_now)
    engine.hold_round = timed("hold", engine.hold_round)
    engine.packed = timed("pack", engine.packed)
    tasks.keep_plan = timed("pack and write", tasks.keep_plan)
    row = begin_round(by=by, chain=chain, title="一轮")
    begin, busy = time.perf_counter(), time.process_time()
    run_round(row, by=by)
    whole, cpu = time.perf_counter() - begin, time.process_time() - busy
    row.refresh_from_db()
    job = Job.objects.get(pk=row.job_id)
    if row.state != "ready":
        raise SystemExit(f"the job ended as {job.state}: {job.result}")
    print(f"| part | seconds |\n| --- | --- |\n| the job | {whole:.1f} ({cpu:.1f} of one core) |")
    for name in ("read", "hold", "pack", "pack and write"):
        print(f"| {name} | {PARTS[name]:.1f} |")
    size = len(bytes(row.record.content)) / 1e6
    print(
        f"\n{row.summary['matches']} matches, {row.summary['unserved']} unserved, gap {row.summary['gap']:.2e}, record {size:.1f} MB"
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(admin.person, backend="lianqiao.accounts.login.NameOrPhone")
    print("\n| page | ms |\n| --- | --- |")
    for name in ("", "/missed", "/picture", "/changes", f"/needs/{row.matches.first().need_id}", "/publish"):
        taken = []
        for _ in range(3):
            begin = time.perf_counter()
            status = client.get(f"/rounds/{row.pk}{name}").status_code
            taken.append(time.perf_counter() - begin)
        print(f"| /rounds/ID{name} ({status}) | {1000 * min(taken):.0f} |")
    begin = time.perf_counter()
    publish_round(row, by=by, now=timezone.now())
    print(f"\npublished in {time.perf_counter() - begin:.1f} s")
    begin = time.perf_counter()
    told = tasks.checked(row)
    same = "the same to the bit" if told["same"] and not told["faults"] else "NOT the same"
    print(f"replayed in {time.perf_counter() - begin:.1f} s: {same}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most in this process")


if __name__ == "__main__":
    main()
