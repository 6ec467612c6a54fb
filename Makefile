# Two commands matter: `make book` and `make test`. Each makes the environment first if it is missing.

PYTHON ?= python3
PARAMETERS ?= quick
VENV ?= .venv
BIN := $(VENV)/bin
# LOCKED=1 installs the very files that requirements/lock.txt names, in place of the newest in the ranges.
LOCKED ?=
WANTED := $(if $(LOCKED),requirements/lock.txt,pyproject.toml)
# A copy of what was installed: only a changed one installs again.
INSTALLED := $(VENV)/$(basename $(notdir $(WANTED))).installed

# A build and the tests start a hundred processes: each would compile every module anew, if none were kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book full chapter slides pdf release data check test long quick bench gpu lint pair lock clean install

help: ## list these commands
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' Makefile

book: $(INSTALLED) ## run every notebook and render the book (PARAMETERS=full for the full size)
	@$(BIN)/python -m book.build --parameters "$(PARAMETERS)"

full: ## the book at full size: the same as make book PARAMETERS=full
	@$(MAKE) --no-print-directory book PARAMETERS=full

chapter: $(INSTALLED) ## run one chapter with your own parameters: make chapter NAME=05 ARGS="-p seed 3"
	@$(BIN)/python -m book.chapter "$(NAME)" $(ARGS)

slides: $(INSTALLED) ## slides of the concept chapters, or of one: make slides NAME=02
	@$(BIN)/python -m book.slides "$(NAME)" $(ARGS)

pdf: $(INSTALLED) ## the whole book as one PDF, printed by Chromium
	@$(BIN)/python -m book.pdf $(ARGS)

release: $(INSTALLED) ## wheel, book and PDF, and what a maintainer must still do by hand
	@$(BIN)/python -m book.release --wheel
	@$(MAKE) --no-print-directory book
	@$(MAKE) --no-print-directory pdf ARGS='--parameters "$(PARAMETERS)"'
	@$(BIN)/python -m book.release

data: $(INSTALLED) ## check the tables in data/ and describe them anew, after one was added or changed
	@$(BIN)/python -m tegnas_study.catalogue $(ARGS)

check: $(INSTALLED) ## rebuild every figure and table and compare it with codecheck.yml (ARGS=--write records)
	@$(BIN)/python -m book.check $(ARGS)

test: $(INSTALLED) ## run the test suite, but for what takes long
	@$(BIN)/python -m pytest -m "not long" --numprocesses auto --maxprocesses 4 --dist loadfile

long: $(INSTALLED) ## run the tests that take long: killed processes, small books, solutions, examples of the help
	@$(BIN)/python -m pytest -m long --numprocesses auto --maxprocesses 4 --dist loadfile

quick: $(INSTALLED) ## run the tests that need no notebook and no process of their own, in under a minute
	@$(BIN)/python -m pytest -m "not slow" --numprocesses auto --maxprocesses 4 --dist loadfile

bench: $(INSTALLED) ## time the fast ways beside the plain ones
	@$(BIN)/python -m tegnas_study.bench.bench

gpu: $(INSTALLED) ## what wants a graphics card, in order of value; call it again to go on
	@$(BIN)/python -m tegnas_study.bench.gpu_work $(ARGS)

lint: $(INSTALLED) ## check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

pair: $(INSTALLED) ## bring notebooks/*.py and *.ipynb in step, and strip outputs
	@$(BIN)/python -m book.pairs

lock: ## lock every package anew, with hashes, by uv (ARGS=--upgrade takes newer ones)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11.5 --generate-hashes --no-annotate \
		--no-emit-index-url --custom-compile-command "make lock" --quiet $(ARGS) --output-file requirements/lock.txt

clean: ## remove what was built; the environment stays (rm -r .venv removes it)
	rm -rf _build book/notebooks book/cards book/api book/teaching .pytest_cache .ruff_cache .hypothesis

$(INSTALLED): $(WANTED)
	@cmp -s $< $@ || $(MAKE) --no-print-directory install
	@touch $@

install:
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "this needs Python 3.11, 3.12 or 3.13; name yours: make PYTHON=python3.12 COMMAND")'
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(if $(LOCKED),\
		$(BIN)/python -m pip install --quiet --require-hashes --requirement $(WANTED) && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .,\
		$(BIN)/python -m pip install --quiet --editable ".[dev]")
	$(BIN)/python -m pip check
	@cp $(WANTED) $(INSTALLED)
