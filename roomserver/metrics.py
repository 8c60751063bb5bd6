"""Prometheus metrics: requests are counted here; rooms and media are asked when somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Numbers = Mapping[str, float | Mapping[str, float]]
"""Name -> value, or code -> value where there is one for each code; a name that ends in `_total` only grows."""


class Metrics:
    """This server's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "roomserver_http_requests",
            "HTTP requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "roomserver_http_request_seconds",
            "Time to answer an HTTP request.",
            ["method", "route"],
            registry=self._registry,
        )

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is a pattern, never an address: there must be few of them."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def watch(self, prefix: str, read: Callable[[], Numbers]) -> None:
        """Ask `read` for numbers whenever metrics are read."""
        self._registry.register(_Watched(prefix, read))

    def exposition(self) -> bytes:
        return generate_latest(self._registry)


class _Watched(Collector):
    def __init__(self, prefix: str, read: Callable[[], Numbers]) -> None:
        self._prefix = prefix
        self._read = read

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        for name, value in self._read().items():
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            full_name, meaning = f"roomserver_{self._prefix}_{name}", f"{name.replace('_', ' ').capitalize()}."
            if isinstance(value, Mapping):
                family = kind(full_name, meaning, labels=["code"])
                for code, count in value.items():
                    family.add_metric([code], count)
                yield family
            else:
                yield kind(full_name, meaning, value=value)
