# Needs python3 (3.11 or newer, with venv) and make; everything else is fetched, pinned by hash.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
# Every worker and every server that a test starts would else compile all it imports anew: a quarter of the suite's time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve test check e2e screenshots lock messages format clean help

help: ## what can be made
	@grep -E '^[a-z0-9]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: .venv/core.stamp frontend/served/.stamp ## set up, load the demo chain, serve it (LIANQIAO_SERVE=0: all but serve)
	@$(BIN)/lianqiao demo

serve: .venv/core.stamp frontend/served/.stamp ## serve what is there
	@$(BIN)/lianqiao serve

test: .venv/development.stamp frontend/served/.stamp ## the whole suite, on SQLite and on PostgreSQL
	@$(BIN)/python tools/test.py

check: .venv/development.stamp frontend/served/.stamp ## format, lint, types, contracts, house rules, migrations, translations, tests
	@$(BIN)/python tools/check.py
	@$(MAKE) --no-print-directory test

e2e: .venv/development.stamp frontend/served/.stamp ## the browser tests
	@$(BIN)/python -m pytest -q -n 2 -m e2e tests/e2e

.PHONY: bench
bench: .venv/bench.stamp ## every benchmark beside its peers, into bench/RESULTS.md
	@$(BIN)/python -m bench.run

screenshots: .venv/development.stamp frontend/served/.stamp ## the README's pictures, made anew
	@$(BIN)/python tools/screenshots.py

format: .venv/development.stamp ## put the code into its usual form
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

messages: .venv/development.stamp ## collect what is to be translated
	@$(BIN)/python tools/messages.py update

lock: .venv/core.stamp ## pin every dependency anew (no host, hashes)
	@for set in uv core speed cluster pdf development node bench; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade requirements/$$set.in -o requirements/$$set.txt; done
	@$(BIN)/python tools/frontend.py lock

clean: ## remove what was fetched and built; data in var/ stays
	rm -rf .venv frontend/served frontend/node_modules

.venv/uv.stamp: requirements/uv.txt
	@echo "-- making .venv"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv || { echo "the venv module is missing: on Debian, apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/core.stamp: .venv/uv.stamp requirements/core.txt pyproject.toml tools/messages.py $(wildcard src/lianqiao/locale/*/LC_MESSAGES/*.po)
	@echo "-- installing packages"
	@$(UV) --require-hashes -r requirements/core.txt
	@$(UV) --no-deps --no-build-isolation --editable .
	@$(BIN)/python tools/messages.py compile
	@touch $@

.venv/development.stamp: .venv/core.stamp requirements/development.txt
	@$(UV) --require-hashes -r requirements/development.txt
	@touch $@

.venv/bench.stamp: .venv/development.stamp requirements/bench.txt
	@$(UV) --require-hashes -r requirements/bench.txt
	@touch $@

frontend/served/.stamp: .venv/core.stamp frontend/package-lock.json tools/frontend.py frontend/icons.txt
	@$(BIN)/python tools/frontend.py
	@touch $@
