from pathlib import Path

import click

from lianqiao_engine.assign import Plan, Progress, solve
from lianqiao_engine.assign.files import read_instance, write_result
from lianqiao_engine.assign.solve import OBJECTIVES

from .edge import refusals, whole

# Instances of a city are solved within seconds. What is not proven after ten minutes may take days, and a plan with its
# bound is worth more than none.
PATIENCE = 600.0


@click.command()
@click.argument("instance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The result, JSON."
)
@click.option(
    "--objective",
    type=click.Choice(OBJECTIVES),
    default="best",
    show_default=True,
    help="best: the greatest sum. fair: the greatest worst-off demand, then the greatest sum. "
    "fast: a sum within 1 %.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=PATIENCE,
    show_default=True,
    metavar="S",
    help="Seconds, after which the best plan so far is written with its bound.",
)
@click.option("--seed", default=0, show_default=True, help="Chooses among equally good plans.")
def command(instance: Path, out: Path, objective: str, time_limit: float, seed: int) -> None:
    """Assign suppliers to the demands of INSTANCE, an .npz file of arrays.

    scores (demands x suppliers), coverage (suppliers each demand takes), load_ub and load_lb (demands each supplier
    takes at most and at least); optional forbidden and fixed, matrices of truth values or lists of pairs.

    The result holds pairs [demand, supplier], sum, worst (the least sum of one demand), bound, gap, seconds, status,
    and relaxation: where no plan exists, the fewest limits to change so that there is one.
    """
    with refusals():
        problem, unread = read_instance(instance)
        if unread:
            click.echo(f"Not looked at: {', '.join(unread)}", err=True)
        plan = solve(problem, objective=objective, seed=seed, time_limit=time_limit, progress=tell)  # type: ignore[arg-type]
        with whole(out) as part:
            write_result(plan, part)
    click.echo(told(plan), err=True)


def tell(progress: Progress) -> None:
    """A line now and then, once it takes longer than a second."""
    if progress.seconds < 1:
        return
    known = {"best": progress.best, "bound": progress.bound}
    facts = "".join(f", {name} {value:.6g}" for name, value in known.items() if value is not None)
    click.echo(f"{progress.stage}: {progress.seconds:.0f} s{facts}", err=True)


def told(plan: Plan) -> str:
    if plan.relaxation:
        limits = "; ".join(f"{slack.kind} {slack.index} by {slack.by}" for slack in plan.relaxation)
        return f"infeasible; smallest relaxation: {limits}"
    return (
        f"{plan.status}: sum {plan.sum:.6g}, worst {plan.worst:.6g}, gap {plan.gap:.2%}, {plan.seconds:.2f} s"
    )
