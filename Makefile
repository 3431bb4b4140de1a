# Everything needs only Python 3.11+ and make; the first target that needs it installs the rest.
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
STAMP := .venv/.installed
DEMO_OPTIONS ?=

.PHONY: help install demo demo-stop test test-slow check bench vendor guide docs lock clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/ /' | column -t -s '  '

install: $(STAMP)  ## a virtual environment with the locked dependencies, byte-compiled

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vigie needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q features models training serving vigie.py
	touch $(STAMP)

demo: install  ## from end to end: simulate, check, train, promote, score, open the site
	$(BIN)/vigie demo $(DEMO_OPTIONS)

demo-stop: install  ## stop the service that the demo started
	$(BIN)/vigie demo-stop

# One OpenMP thread per worker: more only wait for each other.
test test-slow: export OMP_NUM_THREADS = 1

test: install  ## all tests but the slow ones, on both cores
	$(BIN)/pytest -n 2 --dist loadfile -m 'not slow' --cov --cov-report=term-missing:skip-covered

test-slow: install  ## the slow tests
	$(BIN)/pytest -m slow

check: install  ## format, lint, types, imports, spelling; changes nothing and runs them all
	@status=0; \
	for command in 'ruff format --check .' 'ruff check .' 'mypy' 'lint-imports' 'codespell'; do \
		echo "== $$command"; $(BIN)/$$command || status=1; \
	done; exit $$status

bench: install  ## every figure of docs/benchmarks.md; takes over an hour, after `make demo`
	$(BIN)/python -m benchmarks.all

vendor: install  ## fetch the site's libraries anew from their npm packages
	$(BIN)/python -m tools.vendor

guide: install  ## the pictures of docs/guide-conseiller.md, from a fresh demo (VIGIE_GUIDE_PASSWORD)
	$(BIN)/python -m tools.guide_screenshots

docs: install  ## the documentation generated from the declarations
	$(BIN)/vigie docs
	$(BIN)/python -m tools.glossary

lock:  ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' \
		--group dev pyproject.toml --output-file requirements.lock

clean:  ## remove everything generated
	rm -rf var .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
