"""One page of a browser for many tests: a new one takes 0.5 s of CPU time, a visit in an open one 0.15 s."""

from playwright.sync_api import Browser, Error, Page, Request

_CLEAR = "() => { localStorage.clear(); sessionStorage.clear(); }"


class ReusedPage:
    """A page that is as new for each test: no storage, no routes, nothing open.

    A test that adds an init script, or needs a context of its own, opens its own page.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None
        self._visited: dict[str, str] = {}  # an address that was open, by origin
        self.errors: list[str] = []  # of scripts
        self.complaints: list[str] = []  # what the console shows as an error
        self.requests: list[str] = []  # addresses

    def open(self, width: int, height: int) -> Page:
        """Return the page, with a window of this size, for one test."""
        if not self._page:
            context = self._browser.new_context()
            self._page = context.new_page()
            context.on("weberror", lambda error: self.errors.append(str(error.error)))
            context.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
            context.on("request", self._note)
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.emulate_media(color_scheme="light")
        self.errors, self.complaints, self.requests, self._visited = [], [], [], {}
        return self._page

    def clear(self) -> None:
        """Undo what the test did with the page; a page that cannot be cleared is given up."""
        page = self._page
        if not page:
            return
        try:
            page.unroute_all(behavior="ignoreErrors")
            page.context.set_offline(False)
            for other in page.context.pages:
                if other is not page:
                    other.close()
            for origin, address in self._visited.items():
                if not page.url.startswith(origin):
                    page.goto(address)
                page.evaluate(_CLEAR)
            page.goto("about:blank")
        except Error:
            page.context.close()
            self._page = None

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)
        if request.is_navigation_request() and request.url.startswith(("http:", "file:")):
            self._visited["/".join(request.url.split("/")[:3])] = request.url
