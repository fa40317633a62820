"""The command line, ``duibiao``. Heavy parts are imported inside the commands, so that ``--help`` is immediate."""

from __future__ import annotations

import sys

import typer

from api.cli import measuring, report, standards, tools
from corpora.errors import DuibiaoError

app = typer.Typer(
    name="duibiao",
    help="对标：把课程标准、教学大纲、教材、人才培养方案与国家专业教学标准逐条对照，给出差距报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("report")(report.report)
app.add_typer(standards.app, name="standard")
app.command("search")(tools.search)
app.command("serve")(tools.serve)
app.command("eval")(measuring.evaluate)
app.command("bench")(measuring.bench)
app.command("doctor")(tools.doctor)


def main() -> None:
    """Run the command line: one clear line on stderr for what goes wrong, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except DuibiaoError as error:
        print(f"错误：{error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
