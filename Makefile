# `make` alone lists the recipes. Everything they need is set up by `.venv/.ready`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
RUN := .venv/bin

.PHONY: help demo test check fmt lock clean

help: ## list the recipes
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ready: requirements.lock pyproject.toml
	@scripts/environment

demo: .venv/.ready ## run the main job on sample data
	@$(RUN)/makegood demo $(ARGS)

check: .venv/.ready ## format, lint, types, stairs and the fast tests
	$(RUN)/ruff format --check src tests
	$(RUN)/ruff check src tests
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache
	$(RUN)/pytest -m "not slow"

test: .venv/.ready ## everything, each real component started by itself
	$(RUN)/pytest

fmt: .venv/.ready ## put the code into shape
	$(RUN)/ruff format src tests
	$(RUN)/ruff check --fix src tests

lock: .venv/.ready ## pin the dependencies anew
	uv pip compile pyproject.toml --universal --generate-hashes --all-extras --group dev --no-header --no-annotate --upgrade -o requirements.lock

clean: ## remove the environment and the embedded database of this clone
	rm -rf .venv .makegood
