"""Figures of the running service in the format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import FastAPI
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from api.services.operations import figures

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one application, with a registry of its own.

    Parameters
    ----------
    app : whose service is looked at when the figures are read.
    """

    def __init__(self, app: FastAPI) -> None:
        disable_created_metrics()
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "duibiao_requests", "Requests by route", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "duibiao_request_seconds", "Duration of requests", ["route"], buckets=_BUCKETS, registry=self.registry
        )
        self.registry.register(_ServiceCollector(app))
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures, as they are now."""
        return generate_latest(self.registry)


class _ServiceCollector(Collector):
    """Figures that are read from the store when they are asked for."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def describe(self) -> list[Metric]:
        """Nothing: the figures are not read before somebody asks for them."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        now = figures(self._app.state.service)
        reports = GaugeMetricFamily("duibiao_reports", "Reports by the state of their job", labels=["state"])
        for state, count in now.reports.items():
            reports.add_metric([state], count)
        yield reports
        yield GaugeMetricFamily("duibiao_queue_length", "Reports that wait", value=now.reports.get("queued", 0))
        yield GaugeMetricFamily("duibiao_documents", "Documents kept", value=now.documents)
        yield GaugeMetricFamily("duibiao_blob_bytes", "Size of the kept files and results", value=now.blob_bytes)
        yield GaugeMetricFamily("duibiao_disk_free_bytes", "Free space of the data folder", value=now.disk_free)
        yield SummaryMetricFamily(
            "duibiao_result_seconds",
            "Duration of the alignments whose results are kept",
            count_value=now.results,
            sum_value=now.result_seconds,
        )
        stages = CounterMetricFamily(
            "duibiao_stage_seconds", "Seconds of alignment by stage, in this process", labels=["stage"]
        )
        runs = CounterMetricFamily("duibiao_stage_runs", "Alignments by stage, in this process", labels=["stage"])
        for stage, (count, seconds) in now.stages.items():
            stages.add_metric([stage], seconds)
            runs.add_metric([stage], count)
        yield stages
        yield runs
