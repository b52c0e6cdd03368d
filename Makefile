# make run     a local demo on http://127.0.0.1:8000/ (PORT=… for another port, RELOAD=1 while programming)
# make test    every test on SQLite, then on PostgreSQL
# make lint    ruff, mypy, djlint
# make bench   the benchmarks
# make mutate  how many wrong changes the tests notice, in about an hour (ARGS=projects.limits for one module)
# make static  the files of a server (once after each update)
# make gaps    texts that the English catalogue does not have yet
# make lock    resolves the lock files anew
#
# Nothing is needed but make and Python 3.11 or newer.

PORT ?= 8000
HOST ?= 127.0.0.1
ALLOWED_HOSTS ?= localhost,127.0.0.1,[::1]
REQUIRE ?=
ARGS ?=
# One more than there are processors: a test in a browser waits for another program.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null | awk '{print $$1 + 1}')

VENV := .venv
PY := $(VENV)/bin/python
PYTEST = $(PY) -m pytest $(if $(WORKERS),-n $(WORKERS) --dist worksteal) $(ARGS)
ADDRESS = http://$(HOST):$(PORT)/

# The first interpreter that is new enough; empty when there is none.
FIND_PYTHON = for name in $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done

.DELETE_ON_ERROR:
.PHONY: run test lint bench mutate gaps static lock clean

run: $(VENV)/run.stamp var/secret-key
	@set -e; \
	export DEBUG=1 SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret-key)}" ALLOWED_HOSTS='$(ALLOWED_HOSTS)'; \
	$(PY) manage.py compile_catalogues; \
	$(PY) manage.py migrate --verbosity 0; \
	$(PY) manage.py load_reference; \
	$(PY) manage.py load_demo; \
	echo; echo "Khuyến công: $(ADDRESS)   (Ctrl-C stops it)"; echo; \
	exec $(PY) manage.py runserver $(if $(RELOAD),,--noreload) $(HOST):$(PORT)

test: $(VENV)/test.stamp
	@set -e; \
	$(PY) -m tests.requirements $(REQUIRE); \
	export REQUIRE='$(REQUIRE)'; \
	echo "== Tests on SQLite"; \
	env -u DATABASE_URL $(PYTEST); \
	if $(PY) -m tests.postgres --available; then \
		echo "== Tests on PostgreSQL (what no database changes has been seen)"; \
		$(PY) -m tests.postgres -- $(PYTEST) -m "not once and not office"; \
	fi; \
	$(PY) -m tests.requirements --summary

lint: $(VENV)/test.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	DEBUG=1 $(VENV)/bin/mypy khuyencong programmes projects reports tests
	$(VENV)/bin/djlint templates --lint --quiet

bench: $(VENV)/test.stamp
	$(PY) -m pytest tests/benchmarks -o addopts= -s $(ARGS)

mutate: $(VENV)/test.stamp
	env -u DATABASE_URL $(PY) -m tests.mutation $(ARGS)

gaps: $(VENV)/run.stamp
	@DEBUG=1 $(PY) manage.py catalogue_gaps

lock: $(VENV)/bin/python
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
	$(PY) -m uv pip compile pyproject.toml --group dev --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade \
		-o requirements-dev.lock

# For a server: `make static` once after each update, then gunicorn khuyencong.wsgi behind nginx.
static: $(VENV)/run.stamp
	DEBUG=0 SECRET_KEY=unused $(PY) manage.py compile_catalogues
	DEBUG=0 SECRET_KEY=unused $(PY) manage.py collectstatic --no-input --clear

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer was not found. Install it (Debian: apt install python3 python3-venv)," >&2; \
		echo "or name it: make PYTHON=/path/to/python3.11 …" >&2; exit 1; fi; \
	if ! $$python -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$python has no venv module. Install it (Debian: apt install python3-venv)." >&2; exit 1; fi; \
	echo "Building $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/python
	@echo "Installing what the program needs (requirements.lock)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing what the tests need (requirements-dev.lock)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

var/secret-key: | $(VENV)/bin/python
	@mkdir -p var
	@umask 077; $(PY) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
