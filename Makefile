# Two commands matter: `make run` opens the window, `make test` proves everything.
# `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/interlock
DATA := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/interlock
export CARGO_TARGET_DIR ?= $(CACHE)/target
export INTERLOCK_VENV ?= $(CACHE)/venv

# One set of packages and features for lint, tests and the window under test: everything is
# compiled once.
EVERYTHING := --workspace --features interlock-desktop/automation,interlock-desktop/custom-protocol
# What is built for release: the same for measuring and packing, so that dependencies are shared.
RELEASED := --bins --example empty-window
# A display and a message bus of its own for whatever opens a window.
HEADLESS := NO_AT_BRIDGE=1 dbus-run-session --config-file=tests/support/session-bus.conf -- \
  xvfb-run -a -s "-screen 0 1920x1200x24"

.PHONY: help
help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

.PHONY: run
run: display setup ui-build ## Open the window on the practice estate (ARGS='--estate FILE' for your own)
	cargo run -p interlock-desktop --features custom-protocol -- $(or $(ARGS),--practice)

.PHONY: display
display:
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  echo "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open."; \
	  echo "  make demo-shots                                 takes pictures of every screen instead"; \
	  echo "  cargo run -p interlock-cli -- status --practice  shows the same estate in the terminal"; \
	  exit 1; \
	fi

.PHONY: setup
setup: ## Install what running needs
	@.ci/setup run

.PHONY: setup-test
setup-test: ## Install what the tests need as well
	@.ci/setup test

.PHONY: test
test: setup-test ui-build test-ui test-rust test-peers ## Run every test, those in the real window included

.PHONY: test-ui
test-ui: ## Tests of the user interface on its fake host
	cd ui && npm test

.PHONY: test-rust
test-rust: ## Tests of every crate, connectors on emulators, guards, and the journeys in the real window under Xvfb
	cargo test $(EVERYTHING) --no-run
	$(HEADLESS) cargo test $(EVERYTHING)

.PHONY: test-peers
test-peers: ## Our servers under clients that other people wrote
	.ci/conformance

.PHONY: test-e2e
test-e2e: ## Only the journeys in the real window
	cargo test $(EVERYTHING) --no-run
	$(HEADLESS) cargo test $(EVERYTHING) --test e2e

.PHONY: core
core: ## Tests of everything but the window: needs no WebKitGTK
	cargo core

.PHONY: check
check: ui-build ## Formatting and lint of Rust and TypeScript, licences and sources of dependencies
	cargo fmt --all --check
	cargo clippy $(EVERYTHING) --all-targets -- -D warnings
	cd ui && npm run lint && npm run typecheck
	.ci/deny

.PHONY: ui
ui: setup ui-build ## Build the user interface

.PHONY: ui-build
ui-build:
	cd ui && npm run build

.PHONY: contract
contract: ## Write everything that is generated from the command table and the estate file's types
	INTERLOCK_WRITE_CONTRACT=1 cargo test -q -p interlock-contract
	INTERLOCK_WRITE_CONTRACT=1 cargo test -q -p interlock-acceptance --test guard table
	INTERLOCK_WRITE_SCHEMA=1 cargo test -q -p interlock-app -p interlock-policy schema

SCHEMAS := src-tauri/crates/stackdiff/schemas

.PHONY: schemas
schemas: bench-peer ## Distil the resource schemas of AWS again, from the wheel that is pinned beside the script
	[ -x $(CACHE)/schemas/bin/python ] || python3 -m venv $(CACHE)/schemas
	$(CACHE)/schemas/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $(SCHEMAS)/requirements.txt
	$(CACHE)/schemas/bin/python $(SCHEMAS)/distil.py
	$(CACHE)/schemas/bin/python -B $(SCHEMAS)/second.py tests/bench/peer/node_modules/@aws-cdk/aws-service-spec/db.json.gz

.PHONY: demo-shots
demo-shots: setup-test ui-build ## Take pictures of every screen in the real window, into shots/
	cargo build $(EVERYTHING) --bins
	$(HEADLESS) $(CARGO_TARGET_DIR)/debug/interlock-shots shots

.PHONY: bench
bench: setup-test ui-build bench-peer ## Measure speed and size of a release build, under Xvfb (ARGS='OUT.json PART ...')
	cargo build --release $(EVERYTHING) $(RELEASED)
	$(HEADLESS) $(CARGO_TARGET_DIR)/release/interlock-bench $(or $(ARGS),$(CACHE)/bench.json)

.PHONY: bench-peer
bench-peer:
	cd tests/bench/peer && { [ node_modules -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund; }

DEB = $(lastword $(sort $(wildcard $(CARGO_TARGET_DIR)/release/bundle/deb/*.deb)))

.PHONY: screens
screens: setup-test ui-build ## Take the pictures of docs/screens again
	cargo build $(EVERYTHING) --bins
	$(HEADLESS) $(CARGO_TARGET_DIR)/debug/interlock-shots docs/screens --documents

# The package brings the command line as well.
COMMAND_LINE_TOO := {"bundle":{"linux":{"deb":{"files":{"/usr/bin/interlock":"$(CARGO_TARGET_DIR)/release/interlock"}}}}}

.PHONY: package
package: setup-test ui-build ## Build the Debian package and prove it (CHECK=--install installs and removes it, as root)
	cargo build --release --workspace --features interlock-desktop/custom-protocol $(RELEASED)
	ui/node_modules/.bin/tauri bundle --bundles deb --config '$(COMMAND_LINE_TOO)'
	$(HEADLESS) .ci/package-check $(DEB) $(CHECK)
	@echo "$(DEB)"
	@echo "No AppImage: see CONTRIBUTING.md"

.PHONY: clean-practice
clean-practice: ## Forget the practice estate and its record
	rm -rf "$(DATA)/practice"
