# Needs make and Python >= 3.11 with venv, nothing else. Everything lands in .venv.

MAKEFLAGS += --no-print-directory
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

BIN := .venv/bin
LOCKED := .venv/locked
INSTALLED := .venv/installed

# Pages are judged in a browser, and stores held against Virtuoso. Where a machine of Debian's runs
# the tests, and may, it installs them.
PROGRAMS := $(if $(CI),$(shell test "$$(id -u)" = 0 && test -f /etc/debian_version \
	&& ! { command -v chromium && command -v virtuoso-t; } >/dev/null && echo programs))

WORKERS := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: install demo serve test programs bench coverage lock clean

install: $(INSTALLED)

# Check exits with 1 where it finds a mismatch, and the example has some: that is its point.
demo: $(INSTALLED)
	@$(BIN)/mismatch check docs/example || test $$? -eq 1

# The service with the example in it, on port 8000, until Ctrl-C.
serve: $(INSTALLED)
	@$(BIN)/mismatch serve --load docs/example

# Lint, format, types, import contracts and derived files are tests among the tests. Where a machine
# runs them, they must also leave the checkout as they found it. A worker takes whole files, since
# the tests of a file share what takes long to make; tests/conftest.py says which come first.
test: $(INSTALLED) $(PROGRAMS)
	@before="$$(git status --porcelain 2>/dev/null)"; \
	$(BIN)/python -m pytest $(WORKERS) $(ARGS) || exit; \
	test -z "$$CI" || test "$$before" = "$$(git status --porcelain 2>/dev/null)" || \
	{ echo "The tests changed files of the checkout:"; git status --porcelain; exit 1; } >&2

programs:
	@echo "Installing chromium, in which the tests open pages, and Virtuoso, a store"
	@{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes \
		--no-install-recommends chromium virtuoso-opensource-7-bin; } >/dev/null

# pytest exits with 5 where nothing is marked long. The scripts are run as modules, because they use
# each other and the cases of the tests; a name with an underscore is no script.
bench: $(INSTALLED)
	@$(BIN)/python -m pytest -m long $(ARGS) || test $$? -eq 5
	@for script in $(basename $(notdir $(wildcard bench/[a-z]*.py))); do \
	$(BIN)/python -m bench.$$script || exit; done

coverage: $(INSTALLED)
	@$(BIN)/python -m pytest $(WORKERS) --cov --cov-report=term

$(INSTALLED): $(LOCKED) pyproject.toml
	@echo "Installing mismatch into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(LOCKED): requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 with venv was found. Install one" \
		"(on Debian: python3 and python3-venv), or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON): a minute or two"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Writes requirements/*.txt anew from pyproject.toml. Pins stay unless `make lock UPGRADE=--upgrade`.
#   run    what a deployment installs: everything but the tools of development
#   dev    what `make` installs
#   build  what makes the wheel
COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock:
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) pyproject.toml --extra serve --extra oidc --extra data --extra notebook --extra mcp --extra dev -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra serve --extra oidc --extra data -c requirements/dev.txt -o requirements/run.txt
	@build/lock/bin/python -c 'import pathlib, tomllib; \
		print(*tomllib.loads(pathlib.Path("pyproject.toml").read_text())["build-system"]["requires"], sep="\n")' \
		| $(COMPILE) - -c requirements/dev.txt -o requirements/build.txt

clean:
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage*
