"""What must hold before a site goes out: `addresses` (none is lost), `budget` (hosts take it)."""

from .addresses import dump_addresses, load_addresses, lost, refusals
from .budget import over_budget

__all__ = ["dump_addresses", "load_addresses", "lost", "over_budget", "refusals"]
