"""A collector on loopback: what a real one would have been sent."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """``spans`` and ``points`` as plain values, in the order in which they came."""

    address: str
    status: int = 200
    spans: list[dict] = field(default_factory=list)
    points: list[dict] = field(default_factory=list)
    resources: list[dict] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def take(self, path: str, body: bytes) -> None:
        self.bodies.append(body)
        if path.endswith("/v1/traces"):
            for batch in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.resources.append(_read(batch.resource.attributes))
                for scope in batch.scope_spans:
                    self.spans += [
                        {
                            "scope": scope.scope.name,
                            "name": span.name,
                            "id": span.span_id.hex(),
                            "parent": span.parent_span_id.hex(),
                            "error": span.status.code == 2,
                            "status_text": span.status.message,
                            "events": len(span.events),
                            **_read(span.attributes),
                        }
                        for span in scope.spans
                    ]
        elif path.endswith("/v1/metrics"):
            for batch in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for scope in batch.scope_metrics:
                    for metric in scope.metrics:
                        self.points += _read_points(metric)

    def values(self, metric: str) -> list[float]:
        return [point["value"] for point in self.points if point["metric"] == metric]


def _read(attributes) -> dict:
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in attributes}


def _read_points(metric) -> Iterator[dict]:
    kind = metric.WhichOneof("data")
    for point in getattr(metric, kind).data_points:
        value = point.count if kind == "histogram" else getattr(point, point.WhichOneof("value"))
        yield {
            "metric": metric.name, "unit": metric.unit, "value": value,
            **_read(point.attributes),
        }  # fmt: skip


@contextmanager
def collecting() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            found.take(self.path, body)
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
