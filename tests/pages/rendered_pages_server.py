"""Serves the gallery on a loopback port under the very policy the service sends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from serving.pages.shared.rendering import STATIC
from serving.pages.shared.responses import CONTENT_SECURITY_POLICY


class Shower(SimpleHTTPRequestHandler):
    """Pages of a folder, and the static files where the service has them."""

    def translate_path(self, path: str) -> str:
        """`/static/…` is the site's own folder."""
        bare = path.partition("?")[0]
        if bare.startswith("/static/"):
            return str(STATIC / bare.removeprefix("/static/"))
        return super().translate_path(path)

    def end_headers(self) -> None:
        """The policy goes with every answer."""
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""


@contextmanager
def showing(folder: Path) -> Iterator[str]:
    """The address at which a folder is shown, as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shower, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
