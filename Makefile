# Everything runs from here; `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
SAMPLE ?= corpora/samples/网店运营_课程标准.docx
PLAN ?= corpora/samples/直播电商专业_人才培养方案.docx
SCHEDULE ?= corpora/samples/直播电商专业_教学进程表.xlsx
PIP_QUIET := --quiet --disable-pip-version-check

.PHONY: help demo test check serve eval bench format clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更高版本 / Python >= 3.11 is needed"; exit 1; }
	@$(PYTHON) -m venv .venv

# torch first and pinned, so that pip takes a CPU build (see README, Installing torch).
.venv/.installed: pyproject.toml setup.py $(wildcard index/native/src/*) | .venv/bin/python
	@echo "安装依赖（首次约 1–3 分钟）/ installing (1-3 minutes the first time)"
	@$(BIN)/python -m pip install $(PIP_QUIET) "torch>=2.6,<=2.13.0"
	@$(BIN)/python -m pip install $(PIP_QUIET) -e .
	@touch $@

.venv/.developer: .venv/.installed
	@$(BIN)/python -m pip install $(PIP_QUIET) -e '.[dev,ocr,pdf]'
	@touch $@

demo: .venv/.installed ## read a sample syllabus and a sample plan, show their reports (also out/ as HTML, docx, xlsx and JSON)
	@$(BIN)/duibiao report "$(SAMPLE)" --format terminal --format html --format docx --format json --out out/
	@$(BIN)/duibiao report "$(PLAN)" --as plan --with "$(SCHEDULE)" --format terminal --format html --format docx --format xlsx --format json --out out/

test: .venv/.developer ## the whole test suite; installs system packages when root
	@sh tools/system_packages.sh
	@$(BIN)/pytest -n 2 --dist loadfile -rs

check: .venv/.developer ## lint, format, types, import contracts, file length
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/file_length.py

serve: .venv/.installed ## the page and the API on http://127.0.0.1:8000
	@$(BIN)/duibiao serve

eval: .venv/.developer ## quality on the labelled documents of ../shared/gold
	@$(BIN)/duibiao eval

bench: .venv/.developer ## seconds per stage and vector search beside its peers
	@$(BIN)/duibiao bench

format: .venv/.developer ## rewrite the code in house style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean: ## remove what was built
	@rm -rf .venv out build *.egg-info
