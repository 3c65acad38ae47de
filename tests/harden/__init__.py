"""Attacks, faults and mistakes, and what must hold whatever comes; `python -m harden` runs them all.

- `corpora`: hostile strings, published and made
- `oracle`: what any bytes on their way through the archive must do: pass whole or be refused
- `attacked`: an archive with hostile strings in every field; `browser`: what runs and loads there
- `faults`: kills and failing writes; `bad_input`: mistakes and the message for each
- `fuzz`: the oracle under coverage-guided input
"""
