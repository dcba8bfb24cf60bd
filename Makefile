# Jiceng (基层). `make help` lists what can be done; `make run` and `make test` need Python 3.11+ and nothing else.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MEMBERS := libs/common services/registry services/casework services/sync services/reporting deploy/guard deploy/onebox deploy/kafka
SERVICES := registry casework sync reporting
BUS ?= embedded
ONCE ?=
DATA ?= var/onebox
WORKERS ?= 2
export UV_PYTHON_DOWNLOADS := never

.PHONY: help
help: ## what can be done here
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: venv
venv: $(STAMP) ## the environment in .venv, with exactly the locked versions

$(STAMP): requirements.lock $(addsuffix /pyproject.toml,$(MEMBERS))
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	@echo "Making the environment in $(VENV) (about a minute the first time) ..."
	@if command -v uv >/dev/null; then \
	  test -x $(BIN)/python || uv venv -q --python "$(PYTHON)" $(VENV) && \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS)); \
	else \
	  test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS)); \
	fi
	@touch $@

.PHONY: run
run: $(STAMP) ## the whole platform on this machine (BUS=kafka, ONCE=1, DATA=folder, PORT=8080)
	@exec $(BIN)/python -m onebox run --data "$(DATA)" --bus "$(BUS)" $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

.PHONY: token
token: $(STAMP) ## a development token of the running platform (AS=clerk@440305001000; without AS: who there is)
	@$(BIN)/python -m onebox token --data "$(DATA)" $(AS)

.PHONY: wipe
wipe: ## remove the data of `make run`
	@test -x $(BIN)/python && $(BIN)/python -m onebox wipe --data "$(DATA)" || rm -rf "$(DATA)"

.PHONY: kafka
kafka: $(STAMP) ## a real Apache Kafka on this machine, until Ctrl-C (needs Java 17 and mvn)
	@exec $(BIN)/python -m devkafka run --dir var/kafka

.PHONY: test
test: $(STAMP) ## every test (TESTS=tests/sync to choose, WORKERS=n)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q $(or $(TESTS),tests)

.PHONY: faults
faults: $(STAMP) ## only the fault suite, longer (SEED=n replays, ROUNDS=n)
	JICENG_FAULT_SEED="$(SEED)" JICENG_FAULT_ROUNDS="$(or $(ROUNDS),3)" $(BIN)/python -m pytest -n0 -q -s tests/faults

.PHONY: planted
planted: $(STAMP) ## plants the documented errors one by one; the suite must go red for each (ONLY=name)
	$(BIN)/python tools/planted.py $(ONLY)

.PHONY: bench
bench: $(STAMP) ## the measured goals, each beside its peer in the same run
	$(BIN)/python -m benchmarks $(ONLY)

.PHONY: check
check: lint types contracts documents migrations manifests ## everything that CI asks beside the tests

.PHONY: lint
lint: $(STAMP) ## ruff and the rules of this house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_house.py

.PHONY: format
format: $(STAMP) ## let ruff format and repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: types
types: $(STAMP) ## mypy --strict
	$(BIN)/mypy $(foreach m,$(MEMBERS),$(m)/src) tools

.PHONY: contracts
contracts: $(STAMP) ## who may import whom
	$(BIN)/lint-imports

.PHONY: documents
documents: $(STAMP) ## committed OpenAPI, event schemas, AsyncAPI and clauses equal the code, and only add within v1
	$(BIN)/python tools/documents.py --check
	$(BIN)/python tools/clauses.py --check

.PHONY: write-documents
write-documents: $(STAMP) ## write OpenAPI, event schemas, AsyncAPI and the table of clauses anew
	$(BIN)/python tools/documents.py
	$(BIN)/python tools/clauses.py --write

.PHONY: migrations
migrations: $(STAMP) ## alembic check, one head per service, squawk on the SQL
	$(BIN)/python tools/check_migrations.py

.PHONY: manifests
manifests: $(STAMP) ## generated images and Kafka manifests equal the code
	$(BIN)/python tools/render_images.py --check
	$(BIN)/python tools/kafka_manifests.py --check
	$(BIN)/python tools/lock_runtime.py --check

.PHONY: clauses
clauses: $(STAMP) ## clause → code → test
	@$(BIN)/python tools/clauses.py

.PHONY: lock
lock: $(STAMP) ## resolve requirements.lock anew
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --no-emit-package jiceng-common --python-version 3.11 requirements-dev.in $(addsuffix /pyproject.toml,$(MEMBERS)) -o requirements.lock
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tools/lock_runtime.py

.PHONY: clean
clean: ## remove the environment and everything generated
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build
