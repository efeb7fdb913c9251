# The commands of the project; README.md says what each is for.

PORT ?= 8000
PASSWORD ?=
export PASSWORD

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-annotate --extra import --extra pdf --custom-compile-command "make lock" pyproject.toml

.PHONY: .venv run test check format lock

.venv: .venv/.complete

.venv/.complete: requirements-dev.txt
	@.ci/venv

# PPID is make itself, which tells nobody when it is killed.
run: .venv
	@exec $(BIN)/python manage.py quickstart --parent $$PPID --port "$(PORT)" --password "$$PASSWORD"

test: .venv
	$(BIN)/pytest -n auto --dist loadgroup

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
