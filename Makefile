# Two commands matter: `make demo` and `make test`. Both bring up .venv/ from uv.lock by themselves.
# A fresh machine needs Python >= 3.11 with venv and pip, and make; nothing else.

UV_VERSION := 0.13.9
EDI := .venv/bin/edi
READY := .venv/.ready
SOURCES := edi parsers writers rules loaders sftp pipeline dags plugins tests benchmarks

.PHONY: help setup demo demo-reset ui test test-system test-long benchmark check lint types layers format clean

help: ## What this file can do
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(READY) ## Make .venv/ from the lock

$(READY): pyproject.toml uv.lock
	@sh bootstrap.sh $(UV_VERSION)
	@touch $(READY)

demo: $(READY) ## Two simulated weeks from SFTP drop to remittance, run by a real Airflow; keeps var/
	@$(EDI) demo run

demo-reset: $(READY) ## Forget the demo: stop its servers and clear var/
	@$(EDI) demo reset

ui: $(READY) ## Serve Airflow over the demo's data; prints address and login
	@$(EDI) demo ui

test: $(READY) ## All tests that need wheels alone
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not system and not long"

test-long: $(READY) ## Tests that go on for minutes, over other files in each run
	@.venv/bin/python -m pytest -m long

test-system: $(READY) ## Tests that need OpenSSH's sshd; they fail where it is missing
	@.venv/bin/python -m pytest -m system

benchmark: $(READY) ## The engine against pyx12 on generated files of up to 1 GB, a quarter of an hour; writes docs/benchmarks.md
	@.venv/bin/python benchmarks/engine.py --report docs

lint: $(READY)
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .

types: $(READY)
	@.venv/bin/mypy

layers: $(READY)
	@.venv/bin/lint-imports

check: lint types layers test ## Lint, types, layers and tests

format: $(READY) ## Rewrite the sources in the house's layout
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

clean: ## Remove the virtual environment and caches, never var/
	@rm -rf .venv .bootstrap .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
