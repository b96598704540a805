# Every target sets up what it needs first; nothing but Python 3.11+ and make has to be there.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench lock audit sbom clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help:
	@echo "make demo    open the bot in a local Slack workspace in the browser"
	@echo "make test    run the tests"
	@echo "make lint    ruff, ruff format and mypy --strict"
	@echo "make format  let ruff rewrite the code"
	@echo "make bench   measure against the bare framework"
	@echo "make lock    add what pyproject.toml needs to both locks (UPGRADE=--upgrade: newest versions)"
	@echo "make audit   ask for known vulnerabilities of the locked packages (needs the network)"
	@echo "make sbom    write what the bot ships with to sbom.cdx.json (CycloneDX)"
	@echo "make clean   remove the virtual environment"

setup: $(READY)

# The stamp is written last, so a set-up that was interrupted starts again from the beginning.
$(READY): pyproject.toml requirements.lock
	@sh bin/set-up $(VENV)
	@touch $(READY)

demo: setup
	@$(BIN)/safety-interview demo

# The tests wait more than they compute: four at once take a third of the time, on two cores, too.
test: setup
	@$(BIN)/pytest --numprocesses=4 --dist=loadfile $(PYTEST_ARGS)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python -m bench

lock: setup
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --extra dev $(UPGRADE) \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet \
		pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --universal --python-version 3.11 --constraints requirements.lock \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet \
		pyproject.toml --output-file requirements-server.lock

# In an environment of its own, so that the tool's needs are not among what it looks at.
audit: setup
	@$(BIN)/python -m venv .audit
	@.audit/bin/pip install --quiet pip-audit
	@.audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict $(AUDIT_ARGS)

sbom: setup
	@$(BIN)/python -m supply > sbom.cdx.json
	@echo "sbom.cdx.json is written."

clean:
	rm -rf $(VENV) .audit sbom.cdx.json
