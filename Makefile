# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Nothing but make and Python 3.11 or newer is needed beforehand; git for `make test`.

# PYTHON=… chooses the interpreter; otherwise the first of these that is new enough.
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
endif
VERSION := $(if $(PYTHON),$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2] if sys.version_info >= (3, 11) else "")'))

# Ansible works in UTF-8 only.
ifneq ($(shell locale charmap 2>/dev/null), UTF-8)
export LC_ALL := C.UTF-8
endif

VENV := .venv
VENV_READY := $(VENV)/.ready-$(VERSION)
TEST_VENV := .build/test-venv-$(VERSION)
TEST_VENV_READY := $(TEST_VENV)/.ready
DOCS_VENV := .build/docs-venv-$(VERSION)
DOCS_VENV_READY := $(DOCS_VENV)/.ready
CHECK := PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.check

.DEFAULT_GOAL := help
.PHONY: help quickstart test lint types tests long unit sanity sanity-all crash rotation windows matrix artifact workflows \
    build release release-check release-notes publish forge-release hosted-windows \
    ansible-test environment fuzz bench pages picture docs clean python

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-14s %s\n", $$1, $$2 }'

quickstart: $(VENV_READY)  ## log in by JWT to a simulated site, set up by the playbook jwt_setup
	@$(VENV)/bin/python examples/quickstart.py

test: $(TEST_VENV_READY)  ## everything that must hold before a change lands
	@$(CHECK)

lint: $(TEST_VENV_READY)  ## style, documentation, licences
	@$(CHECK) lint

types: $(TEST_VENV_READY)  ## mypy in strict mode
	@$(CHECK) types

tests: $(TEST_VENV_READY)  ## all tests of pytest; ARGS="tests/unit -k pem" for some
	@$(CHECK) tests -- $(ARGS)

long: $(TEST_VENV_READY)  ## the tests that `make test` leaves out because they take long
	@$(CHECK) long -- $(ARGS)

unit: $(TEST_VENV_READY)  ## the quick tests: no playbook, no simulator
	@$(CHECK) tests -- tests/unit tests/meta

sanity: $(TEST_VENV_READY)  ## ansible-test sanity without containers; ARGS="--test pep8" for one
	@$(CHECK) sanity -- $(ARGS)

sanity-all: $(TEST_VENV_READY)  ## the same, importing and compiling on every Python there is
	@$(CHECK) sanity-all -- $(ARGS)

matrix: $(TEST_VENV_READY)  ## a part of the tests on every supported ansible-core; ARGS="2.16 --only sanity"
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.matrix $(ARGS)

artifact: $(TEST_VENV_READY)  ## build the archive, import it as Galaxy does, lint it, and run it
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.artifact

workflows: $(TEST_VENV_READY)  ## actionlint over the workflows of the public repository
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.workflows

release: $(TEST_VENV_READY)  ## prepare a release: versions and changelog; TAG=1.0.0
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.release prepare "$(TAG)"

release-check: $(TEST_VENV_READY)  ## whether this commit can be tagged; TAG=1.0.0
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.release check "$(TAG)"

build: $(TEST_VENV_READY)  ## build the archive in .build/release
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.release build

release-notes: $(TEST_VENV_READY)  ## write the release notes to .build/release/notes.md
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.release notes

publish: $(TEST_VENV_READY)  ## publish the archive of .build/release on Galaxy, as ansible-galaxy is configured
	$(TEST_VENV)/bin/ansible-galaxy collection publish .build/release/qlikops-sense-*.tar.gz

forge-release:  ## create the release of a tag on the forge, with its notes; TAG=1.0.0
	gh release create "$(TAG)" .build/release/qlikops-sense-*.tar.gz --title "$(TAG)" --notes-file .build/release/notes.md

ansible-test: $(TEST_VENV_READY)  ## ansible-test units and integration, with coverage
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.ansible_tests

environment: $(TEST_VENV_READY)  ## install and import what the execution environments contain
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.environment

hosted-windows: $(TEST_VENV_READY)  ## the Windows tasks against a hosted Windows runner; only there
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m hosted_windows

crash: $(TEST_VENV_READY)  ## a fault at every request of every task that writes; a part of `make long`
	@$(CHECK) crash -- $(ARGS)

rotation: $(TEST_VENV_READY)  ## a fault of every kind at every request of a rotation; about two hours
	@$(CHECK) rotation -- $(ARGS)

windows: $(TEST_VENV_READY)  ## the Windows tests, also on the oldest supported ansible-core and ansible.windows
	@$(CHECK) windows -- $(ARGS)

fuzz: $(TEST_VENV_READY)  ## ten minutes of damaged keys, certificates, tokens, answers; ARGS=60 for one
	@$(CHECK) fuzz -- $(ARGS)

bench: $(TEST_VENV_READY)  ## what a task costs, beside a ping, a bare module and playbooks of uri; ARGS=task for a part
	@$(CHECK) bench -- $(ARGS)

pages: $(TEST_VENV_READY)  ## write the generated parts of the documentation, and the version in links
	@$(CHECK) pages

picture: $(TEST_VENV_READY)  ## write the picture of a report page in the documentation; needs Chromium
	@PYTHONPATH=tests $(TEST_VENV)/bin/python -m tools.picture

docs: $(DOCS_VENV_READY)  ## build the documentation site in .build/docs/html
	@PYTHONPATH=tests $(DOCS_VENV)/bin/python -m tools.docs_site

clean:  ## remove what the other targets made
	rm -rf .build .venv

python:
	@test -n "$(VERSION)" || { echo "This needs Python 3.11 or newer: make PYTHON=/path/to/python3 …" >&2; exit 1; }

$(VENV_READY): meta/ee-requirements.txt tests/requirements-ansible-core.txt tests/requirements-quickstart.txt | python
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-quickstart.txt
	@touch $@

$(TEST_VENV_READY): meta/ee-requirements.txt tests/requirements-ansible-core.txt tests/requirements-quickstart.txt \
    tests/requirements-unit.txt tests/requirements-test.txt | python
	$(PYTHON) -m venv --clear $(TEST_VENV)
	$(TEST_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-test.txt
	@touch $@

$(DOCS_VENV_READY): tests/requirements-ansible-core.txt tests/requirements-docs.txt | python
	$(PYTHON) -m venv --clear $(DOCS_VENV)
	$(DOCS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-docs.txt
	@touch $@
