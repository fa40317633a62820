"""Jobs: each report is aligned once, in a process of its own, and tells how it ended."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.auth.principal import LOCAL
from api.jobs.queue import Jobs
from api.service import Service
from api.services import documents, reports
from api.services.reconcile import reconcile
from api.settings import Settings
from api.store.database import Store
from api.store.models import Report, Result
from corpora.errors import UsageError
from tests.api.jobs.working import ask, ended, row, until, working
from tests.service import incoming, make_settings, note

SAMPLE = "网店运营_课程标准.docx"
linux = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process to make a job last")


@pytest.fixture
def desk(tmp_path: Path, database: str) -> Iterator[Service]:
    """A service that works on its jobs, on each database in turn."""
    with working(make_settings(tmp_path, database=database, workers=1)) as service:
        yield service


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Service]:
    """A service that works on its jobs, on SQLite."""
    with working(make_settings(tmp_path, workers=1)) as service:
        yield service


def child_of(service: Service) -> int:
    """Number of the process that waits for the next task."""
    assert service.jobs._pool is not None
    return service.jobs._pool._idle[-1].pid


def stages_of(service: Service, report_id: str) -> list[str]:
    """The stages of a report that somebody who looks all the time sees."""
    seen: list[str] = []

    def look() -> bool:
        now = row(service, report_id)
        if now.stage and now.stage not in seen:
            seen.append(now.stage)
        return now.state not in ("queued", "running")

    until(look)
    return seen


def test_a_report_is_made(desk: Service) -> None:
    """A job goes through its stages and ends with a result that can be read."""
    report_id = ask(desk, incoming(SAMPLE))
    seen = stages_of(desk, report_id)
    done = row(desk, report_id)
    assert (done.state, done.progress, done.stage, done.problem) == ("done", 1.0, "", None)
    assert done.finished_at is not None
    assert done.headline is not None
    assert done.headline["coverage_ratio"] > 0.2
    assert seen
    assert set(seen) <= {"parse", "segment", "prepare", "encode", "judge", "report"}
    assert reports.open_report(desk, LOCAL, report_id).report.document.name == SAMPLE
    assert {"parse", "encode", "judge"} <= set(desk.jobs.seconds)


def test_a_job_is_begun_at_once(local: Service) -> None:
    """Somebody who waits sees within a moment that the work has begun, also in a fresh database."""
    started = time.monotonic()
    report_id = ask(local, note("能开设网店"))
    until(lambda: row(local, report_id).state != "queued")
    assert time.monotonic() - started < 5  # half a second where the machine has nothing else to do
    assert ended(local, report_id).state == "done"


def test_a_job_that_is_added_twice_runs_once(desk: Service) -> None:
    """Adding a job again, while it runs or after it ended, does nothing."""
    report_id = ask(desk, note("能开设网店"))
    desk.jobs.enqueue(report_id, 1)
    first = ended(desk, report_id)
    desk.jobs.enqueue(report_id, 1)
    other = ended(desk, ask(desk, note("能维护客户关系")))
    assert other.state == "done"
    assert row(desk, report_id).finished_at == first.finished_at
    assert desk.jobs.seconds["judge"][0] == 2


def test_a_result_that_is_there_is_not_made_again(tmp_path: Path, database: str) -> None:
    """Of two waiting reports of the same bytes one is aligned."""
    settings = make_settings(tmp_path, database=database)
    with working(settings) as service:
        both = [ask(service, note("能开设网店", name)) for name in ("a.md", "a.md")]
        assert [row(service, one).state for one in both] == ["queued", "queued"]
    with working(replace(settings, service=replace(settings.service, workers=1))) as service:
        first, second = (ended(service, one) for one in both)
        assert first.result_key == second.result_key
        assert first.headline == second.headline
        assert service.jobs.seconds["judge"][0] == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"%PDF-1.7 nothing behind it", "a.pdf"), (b"PK\x03\x04 no archive", "a.docx"), (b"\x89PNG\r\n\x1a\n", "a.docx")],
    ids=["pdf", "zip", "picture"],
)
def test_an_unreadable_document_fails_with_its_reason(local: Service, data: bytes, words: str) -> None:
    """A poisoned file fails alone: what is wrong, with which file, and what to do; the next one is done."""
    bad = ask(local, incoming(words, data=data))
    good = ask(local, note("能开设网店"))
    failed = ended(local, bad)
    assert failed.state == "failed"
    assert failed.problem is not None
    assert failed.problem["where"] == words
    assert failed.problem["what"]
    assert failed.problem["advice"]
    assert failed.finished_at is not None
    assert ended(local, good).state == "done"


def test_a_mistake_of_the_program_is_told_plainly(
    local: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A report that the program falls over fails with a plain sentence; its trace, without words, is in the log."""

    def fall(*_: object) -> None:
        raise ValueError("秘密的一句话")

    assert local.jobs._work is not None
    monkeypatch.setattr(local.jobs._work, "_begin", fall)
    with caplog.at_level(logging.ERROR):
        ending = local.jobs._work.align("x", 1)
    assert ending["problem"]["what"] == "程序处理这份文件时出错"
    assert "管理员" in ending["problem"]["advice"]
    assert "failed unexpectedly" in caplog.text


def test_a_mistake_in_the_child_is_told_plainly(local: Service, caplog: pytest.LogCaptureFixture) -> None:
    """The child's trace names files and lines, and no word of what it worked on."""
    report_id = ask(local, note("能开设网店"))
    assert ended(local, report_id).state == "done"
    with local.store.begin() as session:
        held = session.get(Report, report_id)
        assert held is not None
        held.document.files[0].role = "秘密"  # no such role: the child's dictionary has no such key
        held.document.sha256, held.state, held.attempt = "0" * 64, "queued", 2
    with caplog.at_level(logging.ERROR):
        local.jobs.enqueue(report_id, 2)
        until(lambda: row(local, report_id).state == "failed")
    problem = row(local, report_id).problem
    assert problem is not None
    assert problem["what"] == "程序处理这份文件时出错"
    assert "builtins.KeyError" in caplog.text
    assert "task.py" in caplog.text
    assert "秘密" not in caplog.text


@linux
def test_a_queued_job_that_is_cancelled_never_starts(desk: Service) -> None:
    """While another job holds the only place, a waiting one is cancelled."""
    stopped = child_of(desk)
    os.kill(stopped, signal.SIGSTOP)
    first = ask(desk, note("能开设网店"))
    until(lambda: row(desk, first).state == "running")
    second = ask(desk, note("能维护客户关系"))
    reports.cancel(desk, LOCAL, second)
    os.kill(stopped, signal.SIGCONT)
    assert ended(desk, first).state == "done"
    third = ask(desk, note("能分析数据"))
    assert ended(desk, third).state == "done"
    assert row(desk, second).state == "cancelled"
    assert desk.jobs.seconds["judge"][0] == 2


@linux
def test_a_running_job_that_is_cancelled_loses_its_process(desk: Service) -> None:
    """The process of a cancelled job is ended at once, and the next job gets a new one."""
    stopped = child_of(desk)
    os.kill(stopped, signal.SIGSTOP)
    report_id = ask(desk, note("能开设网店"))
    until(lambda: row(desk, report_id).state == "running")
    reports.cancel(desk, LOCAL, report_id)
    until(lambda: not Path(f"/proc/{stopped}").exists(), "end of the process")
    assert row(desk, report_id).state == "cancelled"
    reports.retry(desk, LOCAL, report_id)
    assert ended(desk, report_id).state == "done"
    assert row(desk, report_id).attempt == 2


@linux
def test_a_job_that_another_process_cancels_ends(desk: Service) -> None:
    """The row alone tells the worker: where the page runs in another process, nobody can tell it otherwise."""
    stopped = child_of(desk)
    os.kill(stopped, signal.SIGSTOP)
    report_id = ask(desk, note("能开设网店"))
    until(lambda: row(desk, report_id).state == "running")
    with desk.store.begin() as session:
        held = session.get(Report, report_id)
        assert held is not None
        held.state = "cancelled"
    until(lambda: not Path(f"/proc/{stopped}").exists(), "end of the process")
    assert ended(desk, ask(desk, note("能维护客户关系"))).state == "done"
    assert row(desk, report_id).state == "cancelled"


@linux
def test_a_document_that_is_deleted_while_it_runs_leaves_nothing(desk: Service) -> None:
    """Its process is ended, and neither a row nor a job stays."""
    stopped = child_of(desk)
    os.kill(stopped, signal.SIGSTOP)
    report_id = ask(desk, note("能开设网店"))
    until(lambda: row(desk, report_id).state == "running")
    documents.delete_document(desk, LOCAL, row(desk, report_id).document_id)
    until(lambda: not Path(f"/proc/{stopped}").exists(), "end of the process")
    assert ended(desk, ask(desk, note("能维护客户关系"))).state == "done"
    with desk.store.read() as session:
        assert session.get(Report, report_id) is None
    assert desk.jobs.lost([(report_id, 1)]) == {(report_id, 1)}


@linux
def test_a_child_that_somebody_kills_is_replaced(desk: Service) -> None:
    """A kill from outside costs the work done so far, not the report."""
    killed = child_of(desk)
    os.kill(killed, signal.SIGSTOP)
    report_id = ask(desk, note("能开设网店"))
    until(lambda: row(desk, report_id).state == "running")
    os.kill(killed, signal.SIGKILL)
    done = ended(desk, report_id)
    assert (done.state, done.attempt) == ("done", 1)


@linux
def test_a_child_that_crashes_fails_its_report_alone(local: Service) -> None:
    """A crash is told with what to do, and the next report gets a new process."""
    crashed = child_of(local)
    os.kill(crashed, signal.SIGSTOP)
    report_id = ask(local, note("能开设网店"))
    until(lambda: row(local, report_id).state == "running")
    os.kill(crashed, signal.SIGSEGV)
    os.kill(crashed, signal.SIGCONT)
    failed = ended(local, report_id)
    assert failed.state == "failed"
    assert failed.problem is not None
    assert "异常退出" in failed.problem["what"]
    assert failed.problem["advice"]
    assert ended(local, ask(local, note("能维护客户关系"))).state == "done"


@linux
def test_a_job_over_its_time_fails_alone(tmp_path: Path) -> None:
    """A process that hangs is ended when the time is over."""
    with working(make_settings(tmp_path, workers=1, job_seconds=2)) as service:
        hung = child_of(service)
        os.kill(hung, signal.SIGSTOP)
        report_id = ask(service, note("能开设网店"))
        failed = ended(service, report_id)
        assert failed.state == "failed"
        assert failed.problem is not None
        assert failed.problem["what"] == "处理超过 2 秒，已终止"
        assert not Path(f"/proc/{hung}").exists()


@linux
def test_what_is_at_work_when_the_service_ends_is_done_at_its_next_start(tmp_path: Path, database: str) -> None:
    """An orderly end interrupts the running job and keeps the waiting ones; all are done later."""
    settings = make_settings(tmp_path, database=database, workers=1)
    with working(settings) as service:
        os.kill(child_of(service), signal.SIGSTOP)
        asked = [ask(service, note(text)) for text in ("能开设网店", "能维护客户关系")]
        until(lambda: row(service, asked[0]).state == "running")
    with working(settings) as service:
        assert [ended(service, one).state for one in asked] == ["done", "done"]
        assert [row(service, one).attempt for one in asked] == [1, 1]


def test_a_row_whose_job_was_never_added_is_taken_up(desk: Service) -> None:
    """A service killed between the row and the job leaves a report that gets its job at the next start."""
    report_id = ask(desk, note("能开设网店"))
    assert ended(desk, report_id).state == "done"
    with desk.store.begin() as session:
        held = session.get(Report, report_id)
        assert held is not None
        lost = Report(document_id=held.document_id, standard="530701", courses=["C1"])
        session.add(lost)
        session.flush()
        lost_id = lost.id
    assert reconcile(desk) == 1
    done = ended(desk, lost_id)
    assert (done.state, done.attempt) == ("done", 2)
    assert reconcile(desk) == 0


def test_two_workers_of_one_name_are_refused(tmp_path: Path, database: str) -> None:
    """A second worker would take up what the first is at; it is told how to get another name."""
    settings = make_settings(tmp_path, database=database, workers=1)
    with working(settings) as service:
        second = Jobs(*_connected(settings), settings, service.store)
        refused: list[UsageError] = []

        def start() -> None:
            from api.jobs import queue

            queue._ONLY.release()  # as in another process
            try:
                second._start()
            except UsageError as error:
                refused.append(error)
            finally:
                queue._ONLY.acquire(blocking=False)

        thread = threading.Thread(target=start)
        thread.start()
        thread.join()
        second._client.destroy()
        assert "已在运行" in refused[0].what
        assert refused[0].where == "DUIBIAO_WORKER_NAME"
        assert ended(service, ask(service, note("能开设网店"))).state == "done"


def _connected(settings: Settings):  # type: ignore[no-untyped-def]
    from api.jobs import engine

    return engine.connect(settings)


@linux
def test_jobs_of_a_worker_that_does_not_come_back_are_adopted(tmp_path: Path, database: str) -> None:
    """What a worker of another name had begun is done by one that lives."""
    settings = make_settings(tmp_path, database=database, workers=1, worker_name="gone")
    with working(settings) as service:
        os.kill(child_of(service), signal.SIGSTOP)
        report_id = ask(service, note("能开设网店"))
        until(lambda: row(service, report_id).state == "running")
    other = replace(settings, service=replace(settings.service, worker_name="here"))
    with working(other) as service:
        assert row(service, report_id).state == "running"
        assert service.jobs.adopt() == 1
        assert ended(service, report_id).state == "done"
        assert service.jobs.adopt() == 0


def test_ended_jobs_are_forgotten_after_a_day(desk: Service) -> None:
    """Jobs that ended just now stay, so that their reports are not made again."""
    report_id = ask(desk, note("能开设网店"))
    assert ended(desk, report_id).state == "done"
    until(lambda: (report_id, 1) in desk.jobs.lost([(report_id, 1)]), "end of the job")
    desk.jobs.sweep()
    assert [job.workflow_id for job in desk.jobs._client.list_workflows()] == [f"{report_id}:1"]
    desk.jobs.forget([(report_id, 1)])
    assert desk.jobs._client.list_workflows() == []


def test_nothing_of_a_document_is_kept_with_a_deleted_job(desk: Service) -> None:
    """The database of the jobs holds names and results of documents only as long as the documents are there."""
    report_id = ask(desk, note("能开设网店", "绝密名称.md"))
    done = ended(desk, report_id)
    until(lambda: (report_id, 1) in desk.jobs.lost([(report_id, 1)]), "end of the job")
    documents.delete_document(desk, LOCAL, done.document_id)
    assert desk.jobs._client.list_workflows() == []
    with desk.store.read() as session:
        assert session.query(Result).count() == 0


def test_a_service_that_only_adds_jobs_runs_none(tmp_path: Path, database: str) -> None:
    """Without workers jobs wait, and the service is well."""
    settings = make_settings(tmp_path, database=database)
    store = Store.open(settings)
    jobs = Jobs.open(settings, store)
    try:
        assert jobs.healthy()
        assert jobs.seconds == {}
        assert jobs.adopt() == 0
        jobs.enqueue_many([("a", 1), ("b", 1), ("a", 1)])
        assert jobs.lost([("a", 1), ("b", 1), ("c", 1)]) == {("c", 1)}
        jobs.cancel_many([("a", 1), ("unknown", 1)])
        assert jobs.lost([("a", 1), ("b", 1)]) == {("a", 1)}
    finally:
        jobs.close()
        store.close()


def test_a_database_that_goes_away_is_noticed(local: Service) -> None:
    """The service is not well when its jobs cannot be reached, or nobody works on them."""
    until(local.jobs.healthy, "health")
    from api.jobs import engine

    engine.stop()
    until(lambda: not local.jobs.healthy(), "the end of health")
