"""Models of what goes over the wire; the JSON report, schema ``duibiao.report/1``, first of all."""

from api.schemas.report import SCHEMA, ReportOut, report_schema

__all__ = ["SCHEMA", "ReportOut", "report_schema"]
