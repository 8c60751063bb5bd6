# roomserver: the commands of everyday work. `make help` lists them.
# Everything is installed inside this folder (.venv, node_modules); only `make test` adds Debian packages.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
STAMPS := .setup
DEBIAN_TEST_PACKAGES := chromium firefox-esr redis-server postgresql ffmpeg fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji
DEMO_ARGS ?=

.PHONY: help setup demo test check bench search screenshots pictures lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: $(STAMPS)/python $(STAMPS)/web ## build everything: Python environment and web client

$(STAMPS)/python: requirements.lock pyproject.toml
	@mkdir -p $(STAMPS)
	@echo "==> Python environment (.venv)"
	@test -x $(PY) || python3 -m venv .venv || { echo "python3 -m venv failed: install Debian's python3-venv, then try again"; exit 1; }
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(STAMPS)/web-packages: roomserver/web/package-lock.json
	@mkdir -p $(STAMPS)
	@echo "==> web client: packages"
	@cd roomserver/web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

WEB_SOURCES := $(shell find roomserver/web -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f -print 2>/dev/null)
$(STAMPS)/web: $(STAMPS)/web-packages $(WEB_SOURCES)
	@echo "==> web client: build"
	@cd roomserver/web && npm run build --silent
	@touch $@

$(STAMPS)/test-tools: tests/support/browser/package-lock.json
	@mkdir -p $(STAMPS)
	@missing=(); for p in $(DEBIAN_TEST_PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing+=($$p); done; \
	if [ $${#missing[@]} -gt 0 ]; then \
		echo "==> Debian packages for the tests: $${missing[*]}"; \
		sudo=; [ $$(id -u) = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $${missing[@]} >/dev/null; \
	fi
	@echo "==> browser driver for the tests"
	@cd tests/support/browser && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup ## run an event with sessions, and print links to click
	@.venv/bin/roomserver demo $(DEMO_ARGS)

test: setup $(STAMPS)/test-tools ## run all tests: units, real Redis, real browsers
	@echo "==> web client: unit tests"
	@cd roomserver/web && npm test --silent
	@echo "==> server and browser journeys"
	@$(PY) -m pytest

check: setup ## lint, types, import rules, and the web client's type check
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@cd roomserver/web && npm run check --silent

bench: setup ## measure speed beside the bare limit, in the same run
	@$(PY) -m bench

search: setup ## longer searches: random histories and fuzzing, for about half an hour
	@SEARCH=1 $(PY) -m pytest -k "search or machine or fuzz" --timeout 3600

screenshots: setup $(STAMPS)/test-tools ## take pictures of every page, phone to wall, light and dark, into tests/output/screenshots
	@$(PY) -m tests.journeys.screenshots tests/output/screenshots $(LOOKS)

pictures: setup $(STAMPS)/test-tools ## take the pictures in docs anew, of the demo event
	@$(PY) -m tests.journeys.docs_pictures docs

lock: setup ## make requirements.lock anew from pyproject.toml
	@.venv/bin/pip install --quiet uv
	@{ echo '# Every Python package, pinned with its hashes. Made by `make lock` from pyproject.toml.'; \
	   .venv/bin/uv pip compile pyproject.toml --group dev --generate-hashes --no-header --quiet; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean: ## remove everything that setup made
	rm -rf .venv $(STAMPS) roomserver/web/node_modules roomserver/web/dist roomserver/web/packages/*/dist tests/support/browser/node_modules
