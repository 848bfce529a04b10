# The commands of this project; `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PYTHONPATH := $(CURDIR):$(CURDIR)/localstack
ROLE ?= staff
STAGE ?=

.DEFAULT_GOAL := help
.PHONY: help run down edit token ops test check bench deploy format lock clean e2e

help: ## List these commands
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 10

$(STAMP): requirements-bootstrap.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: PYTHON=python3.11 make ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(BIN)/python -m uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

run: $(STAMP) ## Set everything up, load the sample campus, show a change arriving, leave it running (CLOUD=, SEARCH=, MODE=, COURSES=)
	@$(BIN)/python localstack/run.py up

down: $(STAMP) ## Stop everything that `make run` started; data stays
	@$(BIN)/python localstack/run.py down

edit: $(STAMP) ## Change something in the campus and watch it arrive (WHAT=title|price|text|program|organization, TENANT=, KEY=, VALUE=)
	@$(BIN)/python localstack/run.py edit

token: $(STAMP) ## Print a signed JWT (ROLE=staff|learner|service, TENANT=)
	@$(BIN)/python localstack/run.py token --role $(ROLE)

ops: $(STAMP) ## Run an operator's command on the local system: make ops DO="explain edX+DemoX" (DO=--help lists them)
	@eval "$$($(BIN)/python localstack/cloud.py env)" && eval "$$($(BIN)/python localstack/run.py env)" && $(BIN)/python -m chalicelib.runtime $(DO)

test: $(STAMP) ## Run all tests that this machine can run; says which it left out and why
	@$(BIN)/python tests/run.py

check: $(STAMP) ## ruff, format, mypy, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy chalicelib app.py infra localstack/localcloud localstack/localrun localstack/campus
	@$(BIN)/lint-imports --no-logo

bench: $(STAMP) ## Measure, and print as a table and as JSON (BENCH=name for one)
	@$(BIN)/python -m bench $(BENCH)

deploy: $(STAMP) ## Deploy a stage: make deploy STAGE=prod (AWS), STAGE=local (the local cloud)
	@test -n "$(STAGE)" || { echo "Which stage? make deploy STAGE=prod"; exit 2; }
	@$(BIN)/python -m infra deploy --stage $(STAGE)

format: $(STAMP) ## Format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lock: $(STAMP) ## Resolve the pinned requirements anew
	@for f in requirements requirements-container requirements-dev; do \
	  $(BIN)/python -m uv pip compile --quiet $$f.in --generate-hashes --no-emit-index-url --python-version 3.11 --universal --no-header -o $$f.txt; done

clean: down ## Stop everything and forget what was built here
	@rm -rf .local build
