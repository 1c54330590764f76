# Every verb that a developer, a newcomer or CI needs. `make` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := .demo
NODE_MODULES := labextension/node_modules/.ready
LAB := src/mvlake/_lab/package.json
# Python alone is installed by pip: the extension for JupyterLab is built here, and by those verbs only that need it and Node.
export SKIP_JUPYTER_BUILDER := 1

.PHONY: help picture demo test check lint types imports format lab bench clean
.DEFAULT_GOAL := help
.PRECIOUS: $(VENV)/.ready-%

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A stamp for each set of extras: the demonstration needs less than the tests, and a newcomer should not wait for the rest.
$(VENV)/.ready-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mvlake needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing mvlake[$*] into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

demo: $(VENV)/.ready-examples  ## run the main job on real data, and say what to open
	@$(BIN)/python example_notebooks/demo.py $(DEMO)

# As its lock file says. The stamp is within, so that it goes when somebody removes the folder.
$(NODE_MODULES): labextension/package-lock.json
	@command -v npm > /dev/null || { echo "the extension for JupyterLab is built with Node.js 20 or newer, which is not here"; exit 1; }
	@echo "installing what builds the extension for JupyterLab …"
	@cd labextension && npm ci --silent
	@touch $@

$(LAB): $(NODE_MODULES) $(shell find labextension/src labextension/style labextension/*.json -type f)
	@echo "building the extension for JupyterLab …"
	@cd labextension && npm run --silent build:prod > ../.lab-build.log 2>&1 || { cat ../.lab-build.log; exit 1; }
	@rm -f .lab-build.log; touch $@

test: $(VENV)/.ready-dev $(LAB) browser  ## run all tests
	@cd labextension && npm test --silent
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal --reruns 1 -rfER

# Front ends are tested in Debian's Chromium. Where nobody may install one, these tests are left out, and it is said.
.PHONY: browser
browser:
	@command -v chromium chromium-browser google-chrome > /dev/null && exit 0; \
	if test "$$(id -u)" = 0 && command -v apt-get > /dev/null; then \
	  echo "installing Chromium …"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core > /dev/null; \
	fi || echo "Chromium could not be installed"; \
	command -v chromium > /dev/null || echo "there is no Chromium: tests/ui is left out (apt install chromium)"

check: $(VENV)/.ready-dev lint types imports typescript docs  ## lint, types, import contracts, documentation

lint: $(VENV)/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	@$(BIN)/mypy

imports: $(VENV)/.ready-dev
	@$(BIN)/lint-imports

.PHONY: typescript
typescript: $(NODE_MODULES)
	@cd labextension && npm run --silent check && npm run --silent lint

.PHONY: docs
docs: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -q tests/architecture tests/spec

format: $(VENV)/.ready-dev  ## format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

picture: $(VENV)/.ready-dev $(LAB) browser  ## take the pictures in the README anew, of a comparison that a real kernel made
	@$(BIN)/python tests/shared/picture.py
	@PICTURES=docs/images $(BIN)/python -m pytest -q tests/ui/test_pictures_of_the_widget.py

lab: $(VENV)/.ready-examples $(VENV)/.ready-lab $(LAB)  ## open the example notebooks in JupyterLab
	@mkdir -p $(VENV)/share/jupyter/labextensions/@mvlake && rm -rf $(VENV)/share/jupyter/labextensions/@mvlake/lab
	@ln -s $(abspath src/mvlake/_lab) $(VENV)/share/jupyter/labextensions/@mvlake/lab
	@cd example_notebooks && ../$(BIN)/jupyter lab

# What is not installed is left out of the table, and said. Their folders come last: no command of ours is to be found there.
bench: $(VENV)/.ready-dev  ## measure what mvlake costs, beside its goals and its peers
	@PATH="$$PATH:$(abspath $(VENV)-dvc/bin):$(abspath $(VENV)-mlflow/bin):$(abspath $(VENV)-nbdime/bin)" $(BIN)/python -m benchmarks

.PHONY: peers
peers:  ## install what `make bench` compares with, each into an environment of its own
	@for peer in dvc mlflow nbdime; do \
	  test -x $(VENV)-$$peer/bin/$$peer || test -x $(VENV)-$$peer/bin/nbdiff && continue; \
	  echo "installing $$peer into $(VENV)-$$peer …"; \
	  $(PYTHON) -m venv $(VENV)-$$peer && $(VENV)-$$peer/bin/python -m pip install --quiet --disable-pip-version-check $$peer || exit 1; \
	done
	@test -x $(VENV)-compare/bin/daff.py || { \
	  echo "installing what compares tables into $(VENV)-compare …"; \
	  $(PYTHON) -m venv $(VENV)-compare && $(VENV)-compare/bin/python -m pip install --quiet --disable-pip-version-check \
	    datacompy daff duckdb pandas polars pyarrow || exit 1; }
	@test -x $(VENV)-pandas2/bin/python || { \
	  echo "installing pandas 2 into $(VENV)-pandas2 …"; \
	  $(PYTHON) -m venv $(VENV)-pandas2 && $(VENV)-pandas2/bin/python -m pip install --quiet --disable-pip-version-check --editable . 'pandas<3'; }
	@command -v restic > /dev/null || echo "restic comes from the system: apt install restic"

clean:  ## remove what was made here
	@rm -rf $(DEMO) build dist labextension/lib src/mvlake/_lab .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@echo "kept $(VENV): remove it by hand for a fresh install"
