.DEFAULT_GOAL := help
.PHONY: help run test lint format bench full i18n mail stop clean lock

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## a French Odoo with demo data; prints its address and log-in
	@scripts/run

test: ## fast tests, process tests and journeys (T=path for some of them)
	@scripts/test $(T)

lint: ## all linters, silent when all is well
	@scripts/lint $(T)

format: ## formats Python, XML and JavaScript
	@scripts/lint --fix

bench: ## benchmarks; fails when a bound is missed
	@scripts/bench

full: ## what is long: Odoo's own suites with us and without
	@scripts/full

i18n: ## renews the .pot and .po files
	@scripts/i18n

mail: ## lists the mails that arrived (N=3 shows one)
	@scripts/mail $(N)

stop: ## ends all that was started
	@scripts/stop

clean: ## removes all that was fetched or generated, but your backups
	@scripts/clean

lock: ## renews scripts/requirements.lock
	@scripts/bootstrap
	@cd scripts && "$${POPE_RUNTIME:-../.runtime}/venv/bin/uv" pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-annotate --upgrade requirements.in -o requirements.lock
