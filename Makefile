# What people run: `make demo`, `make test`. What maintainers run besides: eval, campaign, bench, lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts unit eval campaign bench wheel lock clean

help:
	@echo "make demo      set up .venv, build the demo company, answer a first question"
	@echo "make test      lint, types, import contracts, tests"
	@echo "make eval      ask every evaluation question and print the table"
	@echo "make campaign  crash, malformed-file, concurrency and mutation campaigns (long)"
	@echo "make bench     speed and memory beside their references (long)"
	@echo "make wheel     build dist/*.whl"
	@echo "make lock      resolve the dependencies again (needs uv)"

demo: $(VENV)/.run
	@$(BIN)/outlay demo

test: lint types contracts unit

lint: $(VENV)/.dev
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo

unit: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadfile

eval: $(VENV)/.dev
	$(BIN)/python -m evals

campaign: $(VENV)/.dev
	$(BIN)/python -m evals.campaigns
	OUTLAY_WHOLE_CONTRACT=1 $(BIN)/pytest tests/operate/remediation

bench: $(VENV)/.dev
	$(BIN)/python -m evals.benchmarks

wheel: $(VENV)/.dev
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# One environment. The first stamp is all that `outlay` needs, the second adds the tools of development.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Outlay needs Python 3.11 or newer; $(PYTHON) is older. Try: make demo PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "python3 can't make environments here; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	@echo "Installing pinned dependencies into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  pyproject.toml --group build --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  pyproject.toml --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) dist
