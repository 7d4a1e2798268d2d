# Every target does all of its own set-up; Python 3.11+ with its venv module and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

.PHONY: system bench scale torture postgres cards texts demo test lint check study lock clean security audit sbom docs rehearse

$(VENV)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

$(VENV)/installed: $(VENV)/uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m scheduler.grouping.compiling
	touch $@

$(VENV)/installed-test: $(VENV)/installed requirements-test.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-test.lock
	touch $@

demo: $(VENV)/installed       ## plan, book and announce a round in an embedded tenant
	$(BIN)/scheduler demo

test: $(VENV)/installed-test tests/node_modules/installed system  ## every test
	$(BIN)/python -m pytest

system:                       ## a browser, PostgreSQL and Node for the tests, from Debian's packages
	tests/system/install

cards: $(VENV)/installed-test tests/node_modules/installed  ## pictures of every card, in docs/cards
	SCHEDULER_CARD_PICTURES=docs/cards $(BIN)/python -m pytest -n 0 -q tests/teams/test_drawing.py -k pictures

texts: $(VENV)/installed      ## what the code says, into every catalogue of translations
	$(BIN)/python -m scheduler.texts

tests/node_modules/installed: tests/package.json | system
	mkdir -p tests/node_modules
	if command -v npm >/dev/null; then npm install --prefix tests --ignore-scripts --no-package-lock --silent --no-audit --no-fund; else echo "No npm here: the tests that need a package of it are skipped."; fi
	touch $@

security: $(VENV)/security/installed $(VENV)/checkov/installed  ## weaknesses in code, scripts, image and deployment
	PATH="$(CURDIR)/$(VENV)/security/bin:$(CURDIR)/$(VENV)/checkov/bin:$$PATH" infra/security/check

audit: $(VENV)/security/installed  ## known weaknesses of every locked dependency; needs the internet
	for lock in requirements*.lock; do $(VENV)/security/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$lock || exit; done

docs: $(VENV)/docs/installed $(VENV)/installed  ## the documents as pages, in docs/_build
	$(BIN)/python -m scheduler.graph.permissions > docs/permissions.md
	$(BIN)/python -m scheduler.privacy > docs/works-council.md
	$(BIN)/python docs/make_reference.py > docs/configuration.md
	$(VENV)/docs/bin/sphinx-build --fail-on-warning --nitpicky --quiet docs docs/_build

rehearse: $(VENV)/uv          ## what the image holds, built and started without a container engine
	infra/container/rehearse --uv $(BIN)/uv

sbom: $(VENV)/uv $(VENV)/security/installed  ## dist/sbom.json: what the image holds
	infra/container/list-parts $(BIN)/uv $(VENV)/security/bin/cyclonedx-py dist/sbom.json

$(VENV)/security/installed $(VENV)/checkov/installed $(VENV)/docs/installed: $(VENV)/%/installed: requirements-%.lock $(VENV)/uv
	$(PYTHON) -m venv --without-pip $(VENV)/$*
	$(BIN)/uv pip install --quiet --python $(VENV)/$*/bin/python --require-hashes -r $<
	touch $@

bench: $(VENV)/installed-test  ## measure the engine beside others, the Graph client within Graph's limits, HR's pages
	$(BIN)/python -m tests.benchmarks.grouping --full --out docs/benchmarks
	$(BIN)/python -m tests.benchmarks.graph --out docs/benchmarks
	$(BIN)/python -m tests.benchmarks.web --out docs/benchmarks

POINTS ?= 200
torture: $(VENV)/installed-test  ## kill a round of 250 groups at 200 points, fail a third of all calls: one event each
	$(BIN)/python tests/booking/killing.py --groups 250 --points $(POINTS)
	$(BIN)/python tests/booking/harness.py fault --groups 1000

scale: $(VENV)/installed-test system  ## 100,000 people with one and four workers, killed ones too: docs/scale.md
	$(BIN)/python -m tests.benchmarks.scale

postgres:                     ## Debian's PostgreSQL server, for the tests that need one
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  (apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql)

lint: $(VENV)/installed-test  ## style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

study: $(VENV)/installed-test ## a year in a real organisation beside other ways, into docs/study.md
	$(BIN)/python -m tests.benchmarks.insights.study

lock: $(VENV)/uv              ## resolve the dependencies anew: names, versions, hashes, no addresses
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra postgres --extra azure-monitor -c requirements.lock -o requirements-server.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --all-extras -c requirements.lock -o requirements-test.lock
	for group in security checkov docs; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group $$group -o requirements-$$group.lock || exit; done

clean:
	rm -rf $(VENV) demo
