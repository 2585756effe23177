# `make` alone lists the recipes. What they need is set up by `.venv/.ready`; CI and pre-commit only call `make`.
.DEFAULT_GOAL := help
RUN := .venv/bin
CODE := src tests benchmarks scripts/environment

# Two processes suit the smallest machine we build on. A part: `make test TESTS=tests/planner ARGS=-x`.
WORKERS ?= 2
TESTS ?= src tests
PYTEST := $(RUN)/pytest -n $(WORKERS) --dist loadfile --doctest-modules

.PHONY: help demo serve replay bench torture test check static fmt lock pictures clean

help: ## list the recipes
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ready: requirements.lock pyproject.toml scripts/bootstrap.lock package-lock.json scripts/environment
	@scripts/environment

demo: .venv/.ready ## run the main job on the sample data and print who got what, and why
	@$(RUN)/makegood demo $(ARGS)

serve: .venv/.ready ## open the demo's books to browsers and programs, and say how to log in
	@$(RUN)/makegood serve --demo $(ARGS)

replay: .venv/.ready ## run a shop's invoices through the main job: make replay DIR=folder
	$(if $(DIR),,$(error make replay needs a folder of invoices: make replay DIR=folder))
	@$(RUN)/makegood replay $(DIR) $(ARGS)

bench: .venv/.ready ## measure how fast it is over only writing the rows: make bench [ARGS=--json] [FULL=1]
	@$(RUN)/python -m benchmarks $(if $(FULL),--full) $(ARGS)

SECONDS ?= 60
SEED ?= 1
torture: .venv/.ready ## kill processes and the server under load and judge the books: make torture [SECONDS=60] [SEED=1]
	@$(RUN)/python -m tests.torture --seconds $(SECONDS) --seed $(SEED)

test: .venv/.ready ## run every test, each real component started by itself
	@scripts/browser
	$(PYTEST) $(ARGS) $(TESTS)

check: static ## judge a change in under three minutes: format, lint, types, stairs and the fast tests
	$(PYTEST) -m "not slow" $(ARGS) $(TESTS)

static: .venv/.ready ## judge without running anything: format, lint, types and stairs
	$(RUN)/ruff format --check $(CODE)
	$(RUN)/ruff check $(CODE)
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

fmt: .venv/.ready ## put the code into shape
	$(RUN)/ruff format $(CODE)
	$(RUN)/ruff check --fix $(CODE)

PIN := .tools/bootstrap/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade
lock: .venv/.ready ## pin the dependencies anew, each with its hashes
	$(PIN) --all-extras --group dev pyproject.toml -o requirements.lock
	$(PIN) scripts/bootstrap.in -o scripts/bootstrap.lock
	$(PIN) scripts/node.in -o scripts/node.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund

pictures: .venv/.ready ## take the pictures of the guide anew, in a browser
	@scripts/browser
	$(RUN)/python -m tests.docs.pictures

clean: ## remove the environment and the embedded database of this clone
	rm -rf .venv .tools .makegood
