import json

import click

from lianqiao.config.routes import every_route


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: path, name, kind, methods and policy of each."
)
def command(as_json: bool) -> None:
    """Print every page and API operation, its methods, and what each role may do there."""
    routes = list(every_route())
    if as_json:
        click.echo(json.dumps(routes, ensure_ascii=False, indent=1))
        return
    for route in routes:
        roles = sorted(role for role, methods in route["policy"].items() if methods)
        click.echo(
            f"{'/'.join(route['methods']):<9} {route['path']:<48} {route['name']:<28} {' '.join(roles)}"
        )
