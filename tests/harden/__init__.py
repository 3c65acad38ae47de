"""Robustness tests: attacks, faults, edits and mistakes; `make harden` runs all, `make test` a small sample of each.

- `corpora`: hostile strings, published and generated
- `oracle`: checks for any input, which must pass through the archive unchanged or be refused
- `round_trip`: hostile strings from pages and records to the built site
- `attack_site`: an archive with hostile strings in every field
- `browser`: what runs and loads on its pages
- `edits`: random edits, after which a site must equal a clean build
- `faults`: killed processes and failing writes
- `power_loss`: what is left of the content when the power fails, which is what was synced
- `bad_input`: mistakes, and the message for each
- `regex_inputs`: worst-case inputs for regular expressions
- `outlets`: a simulator of live blogs and of captures of them, in the text of `invented_words`
- `credits_judge`: who printed what, compared with what an archive says
- `credits_archive`: the archive of this project, as the judge sees it
- `credits`, `credits_branches`: many histories, ingested in sequence or on two branches of git, judged
- `fuzz`: the checks of `oracle` with coverage-guided input
"""
