# Two commands for a newcomer: `make demo` does the whole job on the sample library, `make test` runs every test.
# Both set up what they need in .venv, from a lock file with hashes, and nothing else in this folder.

PYTHON ?= python3
IN := .venv/bin
# pip of the system installs into .venv, so that a Debian without python3-venv's own pip is enough; no cache outside the folder.
PIP := $(PYTHON) -m pip --python $(IN)/python install --quiet --disable-pip-version-check --no-cache-dir --no-deps
EXTRAS := --extra speech --extra llm --extra mail --extra chat
# Those that their makers publish as source only; plain Python.
FROM_SOURCE := --no-binary dkimpy,docopt,sgmllib3k
SAMPLES := ../shared/data/transcripts-changelog

.PHONY: help demo test lint serve bench samples lock clean

help:
	@echo "make demo     do the whole job on the sample library"
	@echo "make serve    then look at the pages"
	@echo "make test     run every test"
	@echo "make lint     formatter, linter, type checker"
	@echo "make bench    the table of speeds"
	@echo "make samples  make the sample library again from its source"
	@echo "make lock     renew the lock files"

demo: .venv/ready-to-run
	@$(IN)/takefive demo

serve: .venv/ready-to-run
	@$(IN)/takefive serve

test: .venv/ready-to-test
	$(IN)/pytest -n 2 --dist loadgroup $(TESTS)

lint: .venv/ready-to-test
	$(IN)/ruff format --check .
	$(IN)/ruff check .
	TAKEFIVE_HOME=$(CURDIR)/build/mypy $(IN)/mypy

bench: .venv/ready-to-measure
	$(IN)/python -m bench

samples: .venv/ready-to-test
	$(IN)/python samples/make.py --source $(SAMPLES)

lock: .venv/ready-to-test
	$(IN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		pyproject.toml $(EXTRAS) --group dev --group build -o requirements/all.lock
	$(IN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		pyproject.toml $(EXTRAS) --group dev --group build --group peers -c requirements/all.lock -o requirements/peers.lock
	$(IN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		pyproject.toml --group build -c requirements/all.lock -o requirements/run.lock

clean:
	rm -rf .venv build

.venv/ready-to-run: requirements/run.lock pyproject.toml
	@echo "setting up .venv (once, about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Takefive needs Python 3.11 or newer; set PYTHON=...")'
	@$(PYTHON) -m venv --without-pip .venv
	@$(PIP) --require-hashes --only-binary :all: -r requirements/run.lock
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/ready-to-test: requirements/all.lock .venv/ready-to-run
	@$(PIP) --require-hashes --only-binary :all: $(FROM_SOURCE) -r requirements/all.lock
	@touch $@

.venv/ready-to-measure: requirements/peers.lock .venv/ready-to-test
	@$(PIP) --require-hashes --only-binary :all: $(FROM_SOURCE) -r requirements/peers.lock
	@touch $@
