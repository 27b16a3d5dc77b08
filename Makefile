# make demo   set up, compare the three example reports, write demo/report.html
# make test   set up with the development tools, then everything CI runs
# make docs   builds the documentation, to be opened at site/index.html
# All are safe to repeat: the stamps in .venv say what is installed already.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
HARBOUR := examples/harbour

.PHONY: demo test docs lint types schema check-schema constraints clean
.DELETE_ON_ERROR:

demo: .venv/.stamp-run
	.venv/bin/samestory compare $(HARBOUR)/state-agency.txt $(HARBOUR)/wire.txt $(HARBOUR)/regional.txt --html demo/report.html

test: lint types check-schema docs
	$(PY) -m pytest -q --cov --cov-report=term-missing:skip-covered
	$(PY) -m eval.gate

# Strict: a link to nothing, a page in no menu or a name that is not in the code stops it.
docs: .venv/.stamp-dev
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

lint: .venv/.stamp-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/deptry .

types: .venv/.stamp-dev
	.venv/bin/mypy

# The published JSON forms, written anew from the types that define them.
schema: .venv/.stamp-run
	.venv/bin/samestory schema comparison > docs/comparison.schema.json
	.venv/bin/samestory schema config > configs/compare/schema.json
	$(PY) -m eval schema > configs/eval/schema.json

check-schema: .venv/.stamp-dev
	.venv/bin/samestory schema comparison | diff -u docs/comparison.schema.json - || { echo "run: make schema" >&2; exit 1; }
	.venv/bin/samestory schema config | diff -u configs/compare/schema.json - || { echo "run: make schema" >&2; exit 1; }
	$(PY) -m eval schema | diff -u configs/eval/schema.json - || { echo "run: make schema" >&2; exit 1; }

constraints: .venv/.stamp-dev
	{ grep '^#' constraints.txt; $(PIP) freeze --exclude-editable | sed 's/+cpu$$//'; } > .venv/constraints.new
	mv .venv/constraints.new constraints.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "samestory needs Python 3.11 or later; say which with: make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "no venv module; on Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }

.venv/.stamp-run: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

# pip knows dependency groups only since 25.1, so the group is read from pyproject.toml here.
.venv/.stamp-dev: .venv/.stamp-run
	$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' \
	  > .venv/dev-requirements.txt
	$(PIP) install --quiet -c constraints.txt -r .venv/dev-requirements.txt
	@touch $@

clean:
	rm -rf .venv demo site build dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
