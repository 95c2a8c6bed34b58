SHELL := /bin/bash
.DEFAULT_GOAL := help
DANCU := .venv/bin/dancu

.PHONY: help setup run test check bench screenshots docs

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: ## make the environment .venv from the locked packages
	@PYTHON="$(PYTHON)" scripts/setup

run: setup ## start everything and serve it at http://127.0.0.1:8006/
	@exec $(DANCU) up

test: ## check and test everything, in a browser too
	@PYTHON="$(PYTHON)" scripts/setup --tests
	@scripts/test

check: setup ## only the linters, the types and the import contract
	@scripts/test --checks

bench: setup ## measure, and write docs/benchmarks.md
	@$(DANCU) bench all --write docs/benchmarks.md

screenshots: ## take the pictures of the documentation in a browser
	@PYTHON="$(PYTHON)" scripts/setup --screenshots
	@.venv/bin/python scripts/screenshots.py

docs: setup ## write the reference pages from the code
	@$(DANCU) docs
