# Everything a person does with a checkout. `make chat` and `make test` need CPython 3.11+ and make, nothing else.

PYTHON ?= python3
VENV ?= .venv
# Extra arguments for pip; on Linux, `--extra-index-url ADDRESS` of PyTorch's CPU builds (see README.md).
PIP_ARGS ?=
REPORTS ?= samples/reports
ifeq ($(REPORTS),samples/reports)
INDEX ?= samples-index
else
INDEX ?= nianbao-index
endif
BIN := $(VENV)/bin
# Test files at a time: by default one for each core.
JOBS ?= auto

.PHONY: chat test lint types check setup samples pictures golden clean

chat: $(VENV)/installed
	$(BIN)/nianbao ingest "$(REPORTS)" --index "$(INDEX)" || [ $$? -eq 3 ]
	$(BIN)/nianbao chat --index "$(INDEX)"

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check: lint test

setup: $(VENV)/installed-dev

samples: $(VENV)/installed-dev
	$(BIN)/python -m samples.generator samples

pictures: $(VENV)/installed-dev
	$(BIN)/python docs/make_pictures.py

golden: $(VENV)/installed-dev
	NIANBAO_REWRITE_GOLDEN=1 $(BIN)/python -m pytest tests -q -k golden

clean:
	rm -rf $(VENV) samples-index build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Nianbao needs CPython 3.11 or newer, and $(PYTHON) is older: name another with make PYTHON=python3.12."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --editable ".[dev]"
	touch $@ $(VENV)/installed
