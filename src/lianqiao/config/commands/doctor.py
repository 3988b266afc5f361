import click

from lianqiao.config.doctor import OK, PROBLEM, WARN, findings

COLOURS = {OK: "green", WARN: "yellow", PROBLEM: "red"}


@click.command()
def command() -> None:
    """Look the installation over; say what is wrong and what to do. Exit code 1 when there is a problem."""
    problems = 0
    for finding in findings():
        level = click.style(f"{finding.level:<8}", fg=COLOURS[finding.level])
        advice = f"\n{'':<24}-> {finding.advice}" if finding.advice else ""
        click.echo(f"{level} {finding.about:<14} {finding.text}{advice}")
        problems += finding.level == PROBLEM
    if problems:
        raise click.ClickException(f"{problems} to be mended.")
