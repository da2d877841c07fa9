# The commands of the project; `make help` lists them. Each installs what it needs first (.ci/setup).
SHELL := /bin/bash
PYTHON := .venv/bin/python
# Extra words for pytest, e.g. make test PYTEST="-x -k card".
PYTEST ?=

.DEFAULT_GOAL := help
.PHONY: help run test check static verify shots bench gen assets docs voice release-proto setup setup-test setup-bench setup-check setup-assets setup-voice clean

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## plays or opens the whole product on this machine: service, emulated devices, kiosk (out/run/)
	@$(PYTHON) -m tests.journey

# Both cores; tests/support/dealing.py says which tests stay together.
test: static ## all that CI runs: check and the gate's tests, under 20 minutes
	@$(PYTHON) -m pytest -m "not long" -n 2 --dist loadscope $(PYTEST)

check: static ## style, types, import contracts, proto, kv rules, shape, documents
	@$(PYTHON) -m pytest tests/architecture $(PYTEST)

static: setup-check
	@.ci/static

verify: setup-check ## the long forms: other languages, every byte cut, soak (up to 45 minutes)
	@HYPOTHESIS_PROFILE=verify $(PYTHON) -m pytest -m long --timeout 1800 $(PYTEST)

shots: setup-test ## draws every screen and state as contact sheets (out/shots/)
	@$(PYTHON) -m tests.screens.shots

bench: setup-bench ## measures the goals; make bench ONLY=name for one (out/bench.json, docs/benchmarks.md)
	@$(PYTHON) -m tests.bench $(if $(ONLY),--only $(ONLY))

gen: setup-check ## generates the Python code of proto/
	@.ci/gen

assets: setup-assets ## makes the committed fonts, icons and tables again from their packages (needs npm)
	@.ci/assets

voice: setup-voice ## makes the recordings of what the kiosk says again where the words changed (needs npm; installs a voice model in build/)
	@.ci/voice

docs: setup-check ## writes the generated pages of docs/
	@$(PYTHON) -m tests.support.pages --write

release-proto: setup-check ## keeps the contract of a release; later changes must not break it
	@.venv/bin/buf build --as-file-descriptor-set -o proto/released.binpb

setup: ; @.ci/setup run
setup-test: ; @.ci/setup test
setup-bench: ; @.ci/setup bench
setup-check: ; @.ci/setup check
setup-assets: ; @.ci/setup assets
setup-voice: ; @.ci/setup voice

clean: ## removes what was made, but not the virtual environment
	rm -rf out build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
