# Daybook's commands. `make` alone lists them; each works from a fresh clone with only
# Python 3.11 or later and make. Variables work on the command line and in the environment.

CONTENT ?= content
OUTPUT  ?= output
CACHE   ?= .cache
CONF    ?= pelican.conf.py
SITEURL ?=
PORT    ?= 8000
PYTHON  ?= python3

# A value typed after `make` is data. make would expand `$(shell …)` in it when it hands the variable on, so each
# is set again to its own unexpanded text; one from the environment is handed on as it is. No recipe may name such a
# variable as $(NAME): its text would become part of the shell's command. The programs read the environment.
TYPED := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(TYPED),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))

export CONTENT OUTPUT CACHE CONF SITEURL PORT PYTHON
export PYTHONPATH := scripts
# A build that compiles this package anew each time would take a tenth longer.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
RUN := $(BIN)/python
RUN_TESTS := PYTHONPATH=scripts:tests/support:tests $(RUN)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help html ingest serve publish withdraw move release test check verify harden bench demo golden pictures lock clean distclean

help: ## list the commands
	@echo "Daybook: saved live-blog pages become a site that lasts."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@printf 'Variables: CONTENT=%s OUTPUT=%s CACHE=%s CONF=%s SITEURL=%s PORT=%s\n' \
	  "$$CONTENT" "$$OUTPUT" "$$CACHE" "$$CONF" "$$SITEURL" "$$PORT"

html: .venv/runtime ## build CONTENT into OUTPUT; a second run does only what changed
	@$(RUN) -m daybook build

ingest: .venv/runtime ## PAGES="a.txt folder" or RECORDS=entries.jsonl into CONTENT/days
	@$(RUN) -m daybook ingest

serve: .venv/runtime ## preview on 127.0.0.1:PORT, rebuilt on change
	@$(RUN) -m daybook serve

publish: .venv/runtime ## the same build with absolute addresses: SITEURL=https://…
	@$(RUN) -m daybook publish

withdraw: .venv/runtime ## ENTRY=2023-06-02#t1329 REASON="…" leaves a tombstone in its place
	@$(RUN) -m daybook withdraw

move: .venv/runtime ## ENTRY=2023-06-02#t2355 TO=2023-06-01 puts an entry on its own day
	@$(RUN) -m daybook move

release: .venv/runtime ## offline zip, SQLite, data package, checksums: into release/ beside OUTPUT
	@$(RUN) -m daybook release

test: .venv/dev ## run all tests; the browser's need Chromium
	@$(RUN) tests/support/chromium.py
	@$(RUN) -m pytest

harden: .venv/dev .venv/fuzz ## the long runs of attacks, faults, mistakes and fuzzing, with their counts: MINUTES=30 PARTS="pages edits …"
	@$(RUN_TESTS) -m harden

check: .venv/runtime ## every file of CONTENT, the links of OUTPUT, published addresses: in seconds
	@$(RUN) -m daybook check

verify: test check ## tests, lint, types; of the built site HTML, accessibility, Lighthouse
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(RUN) tests/support/checkers.py

bench: .venv/dev ## figures beside other programs, written to docs/benchmarks.md
	@$(RUN_TESTS) -m bench.search
	@$(RUN_TESTS) -m bench.speed

demo: .venv/runtime ## a large invented archive in demo/, to look at and to measure: DAYS=600
	@$(RUN_TESTS) -m bench.make_demo demo

golden: .venv/dev ## write the golden site anew; review its diff
	@$(RUN) -m pytest tests/site/test_golden_site.py --write-golden -q

pictures: html .venv/dev ## take the README's pictures anew
	@$(RUN) tests/support/pictures.py

lock: ## write the hash-locked requirements anew (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@for name in runtime warc dev lunr-js fuzz; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url $$(test $$name = lunr-js -o $$name = fuzz && echo --no-deps) \
	    $$(test $$name = dev -o $$name = warc && echo --constraints requirements/runtime.lock) \
	    requirements/$$name.in --output-file requirements/$$name.lock --upgrade; done

clean: ## remove OUTPUT, if Daybook made it, and the caches
	@if test -x $(RUN); then $(RUN) -m daybook clean; \
	elif test -e "$$OUTPUT"; then echo "$$OUTPUT stays: only with .venv can be told that it is a site alone" >&2; fi
	@rm -rf .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: ## clean, and remove the virtual environment
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

# The locks name every package with its hash, so pip has nothing to resolve: of mkdocs we want one file.
PIP = $(BIN)/pip --quiet --disable-pip-version-check install --require-hashes --no-deps

.venv/runtime: requirements/runtime.lock requirements/lunr-js.lock | .venv/bin/python
	@echo "Installing what the build needs"
	@$(PIP) --requirement requirements/runtime.lock
	@$(PIP) --requirement requirements/lunr-js.lock
	@touch $@

.venv/dev: requirements/dev.lock | .venv/runtime
	@echo "Installing what the tests need"
	@$(PIP) --requirement requirements/dev.lock
	@touch $@

# Fuzzing needs a compiled package that not every system has; without it the other runs still run.
.venv/fuzz: requirements/fuzz.lock | .venv/dev
	@$(PIP) --requirement requirements/fuzz.lock || echo "without atheris there is no fuzzing" >&2
	@touch $@
