"""What everybody must be able to use: no violation that axe finds, no sideways scroll, no error in the console."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import LOOKS, WITHOUT_SCRIPTS, height

# A list's fifth card is built like its first four; to look at all of a page of results takes seconds.
WITHOUT_MORE_CARDS = {"exclude": [[".product-card:nth-child(n+5)"]]}

_said: dict[BrowserContext, list[str]] = {}


def listen(context: BrowserContext) -> None:
    """From now on an error in the console, as of a refused script or style, fails the next check."""
    said = _said.setdefault(context, [])

    def note(kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # an error page is itself such a "failure"
            said.append(text)

    context.on("console", lambda message: note(message.type, message.text))


def check(page: Page) -> None:
    """The page as it is shown now; nothing where JavaScript is off, as axe is a script."""
    if page.context in WITHOUT_SCRIPTS:
        return
    found = Axe().run(page, WITHOUT_MORE_CARDS)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{page.url} scrolls sideways"
    assert not _said.get(page.context), f"{page.url}: {_said[page.context]}"


def look(page: Page) -> None:
    """The page on a phone by day and on a desk by night, each width and each colour once."""
    if page.context in WITHOUT_SCRIPTS:
        return
    size = page.viewport_size
    assert size is not None
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": height(width)})
        page.emulate_media(color_scheme=scheme)
        check(page)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
