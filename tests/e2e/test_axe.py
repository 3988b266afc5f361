"""axe-core finds nothing, on every page that three roles reach, in two languages, at two widths."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROJECT = Path(__file__).parents[2]
AXE = (PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    found => found.id + ": " + found.nodes.map(node => node.target.join(" ")).slice(0, 3).join(" | "))"""
# What stands on a page does not depend on the language; how long its words are does, most of all on a phone.
WIDTHS = {"zh-CN": [1280, 360], "en": [360]}
WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > window.innerWidth"


def patterns(demo) -> list[re.Pattern]:
    pages = [
        route["path"]
        for route in demo.routes
        if "GET" in route["methods"] and not route["path"].startswith("/api")
    ]
    return [re.compile("^" + re.sub(r"<[^>]+>", "[^/]+", path) + "$") for path in pages]


def crawl(visitor, demo, most: int = 400) -> Iterator[str]:
    """Opens one address for each page this person can reach by links; tells it while it is open."""
    shapes, seen, queue = patterns(demo), set(), ["/"]
    asked = set()
    while queue and len(asked) < most:
        url = queue.pop(0)
        path = urlsplit(url).path
        shape = next((s.pattern for s in shapes if s.match(path)), None)
        if shape is None or shape in seen:
            continue
        asked.add(url)
        # A file is no page, and a browser that is sent to one only begins a download.
        answer = visitor.page.request.get(demo.url + url)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        visitor.page.goto(demo.url + url)
        seen.add(shape)
        links = visitor.page.eval_on_selector_all(
            "a[href]", "links => links.map(a => a.getAttribute('href'))"
        )
        for link in links:
            if link.startswith("?"):
                link = path + link
            if link.startswith("/") and "export=" not in link:
                queue.append(link.split("#")[0])
        yield url


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("role", ["office_admin", "enterprise_contact", "system_admin"])
def test_every_page_has_no_violation_and_fits_its_window(visitor, demo, role, language):
    person = visitor(language=language).log_in(role)
    urls, found = [], {}
    for url in crawl(person, demo):
        urls.append(url)
        person.page.evaluate(AXE)
        for width in WIDTHS[language]:
            person.page.set_viewport_size({"width": width, "height": 800})
            wrong = person.page.evaluate(RUN)
            if person.page.evaluate(WIDER_THAN_WINDOW):
                wrong.append("wider than its window")
            if wrong:
                found[f"{url} at {width}"] = wrong

    assert len(urls) >= 8
    assert found == {}
    assert person.problems == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_before_login_have_no_violation(visitor, demo, language):
    person = visitor(language=language)
    found = {}
    for url in ("/", "/login", "/licences", "/no-such-page"):
        person.page.goto(demo.url + url)
        person.page.evaluate(AXE)
        for width in WIDTHS[language]:
            person.page.set_viewport_size({"width": width, "height": 800})
            if wrong := person.page.evaluate(RUN):
                found[f"{url} at {width}"] = wrong

    assert found == {}
