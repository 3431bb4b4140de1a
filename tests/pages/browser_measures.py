"""What a browser measures of a page by itself: bytes on the wire, layout shift."""

from playwright.sync_api import Page

WATCH = """
  window.shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { window.shift += e.value; }))
    .observe({type: 'layout-shift', buffered: true});
"""


def transferred(page: Page, address: str) -> dict[str, float]:
    """Bytes by address of a load into an empty cache, without the fonts."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    asked: dict[str, str] = {}
    sent: dict[str, float] = {}
    wire.on(
        "Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]})
    )
    wire.on(
        "Network.loadingFinished", lambda e: sent.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(address, wait_until="networkidle")
    wire.detach()
    sizes = {asked[number]: size for number, size in sent.items()}
    return {a: size for a, size in sizes.items() if not a.partition("?")[0].endswith(".woff2")}


def shift_of(page: Page, address: str) -> float:
    """Cumulative layout shift of a load, fonts and chart included; WATCH runs in the page."""
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    return float(page.evaluate("window.shift"))
