# The commands of the project; README.md says what each is for.

PORT ?= 8000
PASSWORD ?=
export PASSWORD

# Compiled modules are kept, whatever the shell says: without them each of the processes that these
# commands start compiles Django and the tests again.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-annotate --extra import --extra pdf --extra sentry --custom-compile-command "make lock" pyproject.toml

.PHONY: .venv run test test-all test-long check format lock

.venv: .venv/.complete

.venv/.complete: requirements-dev.txt
	@.ci/venv

# PPID is make itself, which tells nobody when it is killed.
run: .venv
	@exec $(BIN)/python manage.py quickstart --parent $$PPID --port "$(PORT)" --password "$$PASSWORD"

# A file's tests run in one process, which makes their rows once; the files in the order of
# tests/conftest.py, the longest first.
SUITE := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -p no:playwright \
	--ignore=tests/e2e --ignore=tests/machine

# Everything but the browser and real processes: less than two minutes on two cores.
test: .venv
	$(SUITE)

# The browser (tests/e2e), real processes (tests/machine) and a sample of the mutants as well.
test-all: test
	$(BIN)/pytest -n auto --dist loadgroup tests/e2e tests/machine
	$(BIN)/python -m tests.mutants --sample 10

# What takes minutes by nature: all tests on the server that TEST_DATABASE_URL names, more examples
# of every property, the models of the parser trained again, quarters hour by hour, hostile values
# for every field of every address, outages as long as in real life, and all mutants.
test-long: .venv
	$(SUITE)
	HYPOTHESIS_PROFILE=explore $(SUITE) -m hypothesis
	TRAIN=1 $(BIN)/pytest tests/projects/prose/test_rules.py
	QUARTER=all $(BIN)/pytest -n auto tests/quarter
	HOSTILE=all $(BIN)/pytest -n auto tests/every_address/test_hostile_values.py
	DEMO=all $(BIN)/pytest -n auto tests/reports/test_demo_moments.py
	MACHINE_FULL=1 $(BIN)/pytest tests/machine
	$(BIN)/python -m tests.mutants

check: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check --settings tests.settings --fail-level WARNING
	$(BIN)/python manage.py makemigrations --settings tests.settings --check --dry-run
	$(BIN)/python manage.py translations --settings tests.settings --check

format: .venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Exact versions with hashes, naming no registry: they come from whichever pip is set to.
lock: .venv
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt
