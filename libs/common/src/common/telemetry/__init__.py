"""Charter: logs, traces and metrics of every process, the same everywhere and without personal data.

Call `configure_telemetry` once at the start of a process; afterwards `structlog.get_logger("<package>")`.
"""

from common.telemetry import metrics
from common.telemetry.logs import configure_logging
from common.telemetry.otel import TelemetrySettings, configure_telemetry
from common.telemetry.redaction import holds_personal_data, redact_text
from common.telemetry.trace import (
    TraceContext,
    current_trace,
    current_trace_id,
    current_traceparent,
    use_traceparent,
)

__all__ = [
    "TelemetrySettings",
    "TraceContext",
    "configure_logging",
    "configure_telemetry",
    "current_trace",
    "current_trace_id",
    "current_traceparent",
    "holds_personal_data",
    "metrics",
    "redact_text",
    "use_traceparent",
]
