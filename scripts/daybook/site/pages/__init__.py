"""Map of this folder."""
