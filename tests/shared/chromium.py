"""A real browser, where there is one: pages are opened in it and asked what a reader would see."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOUND = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FOUND)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Any, path: Path, *, width: int = 1400, scheme: str = "light", media: str = "screen") -> Iterator[Any]:
    """Open a file; what the page said, asked for and did besides is in `page.told` when it is closed, and must be nothing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.emulate_media(media=media, color_scheme=scheme)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: told.append(popup.url))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(("data:", path.as_uri())) else None)
    try:
        page.goto(path.as_uri())
        yield page
        assert told == []
    finally:
        context.close()
