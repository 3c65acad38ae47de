# Daybook's commands. `make` alone lists them; each works from a fresh clone with only
# Python 3.11 or later and make. Variables work on the command line and in the environment.

CONTENT ?= content
OUTPUT  ?= output
CACHE   ?= .cache
CONF    ?= pelican.conf.py
SITEURL ?=
PORT    ?= 8000
PYTHON  ?= python3

# A value typed after `make` is data. make would expand `$(shell …)` in it when it exports the variable, so each
# variable is redefined with its literal text; variables from the environment are passed unchanged. No recipe may use
# such a variable as $(NAME): its text would become part of the shell's command. The programs read the environment.
# They also read TYPED, the names of these variables: a misspelt one is an error.
TYPED := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(TYPED),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))

export CONTENT OUTPUT CACHE CONF SITEURL PORT PYTHON TYPED
export PYTHONPATH := scripts
# Keep .pyc files: a build that recompiles this package each time takes a tenth longer.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
RUN := $(BIN)/python
COMPILE := uv pip compile --quiet --upgrade --universal --python-version 3.11 --only-binary :all: --generate-hashes \
  --no-header --no-annotate --no-emit-index-url
RUN_TESTS := PYTHONPATH=scripts:tests/support:tests $(RUN)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help html ingest serve publish withdraw move join merge zone mend convert new release diff topics fetch commit test check lint verify wheel harden bench demo golden pictures lock clean distclean

help: ## list the commands
	@echo "Daybook turns saved live-blog pages into a static archive site."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@printf 'Variables: CONTENT=%s OUTPUT=%s CACHE=%s CONF=%s SITEURL=%s PORT=%s\n' \
	  "$$CONTENT" "$$OUTPUT" "$$CACHE" "$$CONF" "$$SITEURL" "$$PORT"

html: .venv/runtime ## build CONTENT into OUTPUT (only changed files are rewritten)
	@$(RUN) -m daybook build

ingest: .venv/runtime ## add saved pages (PAGES="a.txt folder") or records (RECORDS=entries.jsonl) to CONTENT/days
	@$(RUN) -m daybook ingest

serve: .venv/runtime ## preview the site on 127.0.0.1:PORT and rebuild it on change
	@$(RUN) -m daybook serve

publish: .venv/runtime ## build for SITEURL=https://… and check that no published address is lost
	@$(RUN) -m daybook publish

diff: .venv/runtime ## list what differs between two releases: OLD=folder NEW=release
	@$(RUN) -m daybook diff

topics: .venv/runtime ## list frequent names that no topic covers, and topics that match nothing: MOST=20
	@$(RUN) -m daybook topics

fetch: .venv/runtime ## save the pages that LIST=pages.txt names to SAVED=saved, as robots.txt allows
	@$(RUN) -m daybook fetch

commit: .venv/runtime ## commit what changed in CONTENT; PUSH=1 pushes it
	@$(RUN) -m daybook commit

withdraw: .venv/runtime ## remove an entry but keep its address: ENTRY=2023-06-02#t1329 REASON="…"
	@$(RUN) -m daybook withdraw

move: .venv/runtime ## move an entry to another day: ENTRY=2023-06-02#t2355 TO=2023-06-01
	@$(RUN) -m daybook move

join: .venv/runtime ## make two entries one: A=2023-06-02#t1200 B=2023-06-02#t1215, the correction of A
	@$(RUN) -m daybook join

merge: .venv/runtime ## join days that two branches changed, during or after git merge: DAY=2023-06-02 or all
	@$(RUN) -m daybook merge

zone: .venv/runtime ## convert the headings of all days to the TIMEZONE of CONF: FROM=UTC for days that name no zone
	@$(RUN) -m daybook zone

mend: .venv/runtime ## correct the sources of former wordings that version 0.1 wrote
	@$(RUN) -m daybook mend

convert: .venv/runtime ## write all day files as this version writes them
	@$(RUN) -m daybook convert

new: .venv/runtime ## make an archive without a copy of the code: DIR=../flood, and the wheel of a release as WHEEL=
	@$(RUN) -m daybook new

release: .venv/runtime ## write offline zip, SQLite, data package and checksums to release/ next to OUTPUT
	@$(RUN) -m daybook release

test: .venv/dev ## run all tests (browser tests need Chromium)
	@$(RUN) tests/support/chromium.py
	@$(RUN) -m pytest

harden: .venv/dev .venv/fuzz ## run the long robustness tests: MINUTES=30 PARTS="pages edits …"
	@$(RUN_TESTS) -m harden

check: .venv/runtime ## check content files, site links and published addresses (takes seconds)
	@$(RUN) -m daybook check

verify: test lint ## run all checks: tests, content, lint, types, and the site's HTML, accessibility and Lighthouse

lint: .venv/dev check ## check content, code, types, and the site's HTML, scripts and Lighthouse (needs npm)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(RUN) tests/support/checkers.py

bench: .venv/dev ## measure beside other programs and write docs/benchmarks.md: SCALE=10 ROUNDS=3
	@$(RUN_TESTS) -m bench.search
	@$(RUN_TESTS) -m bench.speed

demo: .venv/runtime ## generate a large invented archive in demo/: DAYS=600
	@$(RUN_TESTS) -m bench.make_demo demo

golden: .venv/dev ## regenerate the golden site; review its diff
	@$(RUN) -m pytest tests/site/test_golden_site.py --write-golden -q

pictures: .venv/dev ## take the README's pictures again
	@$(RUN) tests/support/pictures.py

wheel: .venv/dev ## write the wheel, its SBOM and checksums to dist/; TAG=v0.3.0 must be the version
	@$(RUN) tests/support/release_wheel.py

lock: ## update the locked requirements (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(COMPILE) --extra warc pyproject.toml --output-file requirements/runtime.lock
	@$(COMPILE) --group dev --constraints requirements/runtime.lock --output-file requirements/dev.lock
	@$(COMPILE) --group fuzz --no-deps --output-file requirements/fuzz.lock

clean: ## remove the caches, and OUTPUT if Daybook wrote it
	@if test -x $(RUN); then $(RUN) -m daybook clean; \
	elif test -e "$$OUTPUT"; then \
	  echo "$$OUTPUT was not removed: Daybook is not installed (.venv is missing), so it cannot check that the folder" \
	    "contains only a site. Delete it yourself, or run make html first." >&2; fi
	@rm -rf .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: ## run clean and remove .venv
	-@$(MAKE) --no-print-directory clean
	@rm -rf .venv

# --- the virtual environment -------------------------------------------------------------

.venv/bin/python:
	@command -v -- "$$PYTHON" >/dev/null || { echo "Daybook needs Python 3.11 or later; $$PYTHON was not found (set PYTHON=)" >&2; exit 1; }
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Daybook needs Python 3.11 or later; $$PYTHON is $$("$$PYTHON" -V 2>&1) (set PYTHON=)" >&2; exit 1; }
	@"$$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Creating .venv"
	@"$$PYTHON" -m venv .venv

# The locks list every package with its hash. Only wheels are installed: a source package would bring a build tool that
# no lock names. --no-deps, because the locks leave out what properdocs and webassets need (pyproject.toml says why).
PIP = $(BIN)/pip --quiet --disable-pip-version-check install --require-hashes --only-binary :all: --no-deps

.venv/runtime: requirements/runtime.lock | .venv/bin/python
	@echo "Installing the packages that the build needs"
	@$(PIP) --requirement requirements/runtime.lock
	@touch $@

.venv/dev: requirements/dev.lock | .venv/runtime
	@echo "Installing the packages that the tests need"
	@$(PIP) --requirement requirements/dev.lock
	@touch $@

# atheris is a compiled package that is not available for every system; the other robustness tests run without it.
.venv/fuzz: requirements/fuzz.lock | .venv/dev
	@$(PIP) --requirement requirements/fuzz.lock && touch $@ || \
	  echo "atheris could not be installed; make harden will skip fuzzing" >&2
