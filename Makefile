# Two commands do all of their own set-up: `make run` and `make test`. Both can be repeated.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NAME   ?= dispatch
UV_VERSION := 0.13.8
PROOFS := $(subst _,-,$(patsubst tests/proofs/prove_%.py,%,$(wildcard tests/proofs/prove_*.py)))

# Of two that are made at once, one does the work; the other waits and finds it done.
ONE_AT_A_TIME := flock .make.lock sh -c

# Files of tests go to two processes, each with a database of its own.
SIDE_BY_SIDE := --numprocesses=2 --dist=loadfile --no-loadscope-reorder

export UV_NO_PROGRESS := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench prove notebooks clean lock FORCE

help:  ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/; s/PROOF_NAMES/$(PROOFS)/' | expand -t 12

# -- set-up: each stamp is made anew only when what it depends on changes -----------------------

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 is needed. Cure: apt-get install python3.11 python3.11-venv, or make PYTHON=/path/to/python3.11'; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo 'Python has no venv module. Cure: apt-get install python3.11-venv'; exit 1; }
	@$(ONE_AT_A_TIME) '[ -e $@ ] || { \
	  echo "· a virtual environment in $(VENV)"; \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) && \
	  touch $@; }'

$(VENV)/.installed: $(VENV)/.uv pyproject.toml requirements.lock
	@$(ONE_AT_A_TIME) '[ -z "$$(find $^ -newer $@ 2>&1)" ] || { \
	  echo "· the locked versions of everything"; \
	  $(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -c requirements.lock -e ".[assets,test,check]" && \
	  touch $@; }'

setup: $(VENV)/.installed  ## install everything: Python packages, PostGIS, the map's assets
	@$(BIN)/blockdata db install
	@$(BIN)/blockdata maps assets

run: setup  ## bring everything up and open on the dispatcher's map (SCALE=1 for the whole district)
	@$(BIN)/blockdata district ensure $(if $(SCALE),--scale $(SCALE))
	@$(BIN)/blockdata maps serve --open

test: setup  ## run the tests (BLOCKDATA_REAL_DATA=… for those on real data)
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

check: setup  ## style, types, import contracts, unused code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

bench: setup  ## measure: make bench NAME=dispatch writes build/bench/dispatch.json
	@echo '· the peers to measure against'
	@$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock -e '.[bench]'
	@$(BIN)/python tests/benchmarks/bench_$(subst -,_,$(NAME)).py

prove: setup  ## proofs too long for every run: make prove NAME=… (PROOF_NAMES)
	@test -f tests/proofs/prove_$(subst -,_,$(NAME)).py || \
	  { echo 'No such proof: NAME=$(NAME). Cure: make prove NAME=… with one of: $(PROOFS)'; exit 2; }
	@$(BIN)/python -m tests.proofs.prove_$(subst -,_,$(NAME)) $(ARGS)

notebooks: setup  ## run the notebooks and write them to build/notebooks
	@$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock -e '.[notebooks]'
	@$(BIN)/blockdata district ensure
	@$(BIN)/python -m tests.run_notebooks

lock: $(VENV)/.uv  ## choose the newest versions that fit and lock them
	@$(BIN)/uv pip compile -q --upgrade --all-extras --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.lock

# Only this checkout's own databases: what BLOCKDATA_VAR names elsewhere is left alone.
OWN_VAR := BLOCKDATA_DATABASE_URL= BLOCKDATA_VAR=$(CURDIR)

clean:  ## delete what was made; imported areas stay, but with CONFIRM="delete imported areas"
	@[ -x $(BIN)/blockdata ] || for v in var build/test-var*; do \
	  [ ! -e $$v/cluster.json ] && [ ! -e $$v/cluster ] || \
	  { echo "$$v holds a database, and nothing is installed to look into it. Cure: make setup, then make clean"; exit 1; }; done
	@[ "$$CONFIRM" = 'delete imported areas' ] || keep=--unless-imported; \
	  [ ! -x $(BIN)/blockdata ] || { $(OWN_VAR)/var $(BIN)/blockdata db destroy --yes $$keep && \
	  for v in build/test-var*/; do \
	  [ ! -d $$v ] || $(OWN_VAR)/$$v $(BIN)/blockdata db destroy --yes >/dev/null || exit 1; done; }
	@[ ! -e var/cluster.json ] || { $(OWN_VAR)/var $(BIN)/blockdata db stop >/dev/null; \
	  echo 'var/ stays, with its database stopped. To delete it too: make clean CONFIRM="delete imported areas"'; }
	@[ -e var/cluster.json ] || rm -rf var
	@rm -rf $(VENV) build dist maps/static/vendor .make.lock .pytest_cache .mypy_cache .ruff_cache .hypothesis
