"""The one generator of ours: every page that is neither a day nor prose, and every other file."""

from pelican.generators import Generator

from .press import KEY, Press
from .writer import SiteWriter


class SiteGenerator(Generator):  # type: ignore[misc]
    """Write the site around the days."""

    def generate_output(self, writer: SiteWriter) -> None:
        """Write it; Pelican calls this after the days and the prose."""
        press: Press = self.settings[KEY]
        press.print_rest()
