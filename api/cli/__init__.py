"""The command line, ``duibiao``. Heavy parts are imported inside the commands, so that ``--help`` is immediate."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer

from api.cli import audit, corpus, index, measuring, report, serving, standards, tools, users
from api.cli.usage import Command, Group, complaint
from corpora.errors import DuibiaoError

app = typer.Typer(
    name="duibiao",
    cls=Group,
    help="对标：把课程标准、教学大纲、教材、人才培养方案与国家专业教学标准逐条对照，给出差距报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("report", cls=Command)(report.report)
app.command("audit", cls=Command)(audit.audit)
app.add_typer(standards.app, name="standard")
app.add_typer(corpus.app, name="corpus")
app.add_typer(index.app, name="index")
app.add_typer(users.app, name="user")
app.command("search", cls=Command)(tools.search)
app.command("serve", cls=Command)(serving.serve)
app.command("worker", cls=Command)(serving.worker)
app.command("eval", cls=Command)(measuring.evaluate)
app.command("bench", cls=Command)(measuring.bench)
app.command("doctor", cls=Command)(tools.doctor)


def main() -> None:
    """Run the command line: one clear line on stderr for what goes wrong, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_run())


def _run() -> int:
    """Run the command and return the exit code."""
    try:
        code = app(prog_name="duibiao", standalone_mode=False)
        sys.stdout.flush()
    except DuibiaoError as error:
        return _complain(str(error), error.exit_code)
    except typer.Abort:
        return _complain("已中断", 130)
    except (BrokenPipeError, SystemExit) as stop:
        if isinstance(stop, SystemExit) and not isinstance(stop.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # who read our output has left
        return 0
    except Exception as error:
        return _usage(error)
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> int:
    """Tell what is wrong with the call; any other exception goes on."""
    show: Callable[[], str] | None = getattr(error, "format_message", None)
    if show is None:
        raise error
    if type(error).__name__ == "NoArgsIsHelpError":
        print(show(), file=sys.stderr)
        return 2
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "duibiao"
    return _complain(f"{complaint(show())}。用 {command} --help 查看用法", 2)


def _complain(message: str, code: int) -> int:
    print(f"错误：{message}", file=sys.stderr)
    return code
