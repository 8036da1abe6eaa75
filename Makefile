# make run    compare all policies on Indonesia; results in results/
# make test   everything that must hold
# make clean  remove the environment and all caches; results stay
#
# Needs Python 3.11 or newer; choose one with: make run PYTHON=python3.12

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test clean

run: .venv/installed
	$(BIN)/python run.py compare indonesia

test: .venv/installed-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2

.venv/bin/python:
	@if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Loket needs Python 3.11 or newer, found: $$("$(PYTHON)" --version 2>&1 || echo none)." >&2; \
		echo "Choose one with: make PYTHON=/path/to/python3.12" >&2; exit 4; fi
	"$(PYTHON)" -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing packages into .venv"
	$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/installed-tests: .venv/installed
	$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
