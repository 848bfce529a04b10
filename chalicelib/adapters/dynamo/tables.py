"""The tables, one PynamoDB base model each: the one place that names their keys and indexes."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model


class _Table(Model):
    """Every table: what of which tenant (``pk``), which part of it (``sk``), and when it may vanish."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires = NumberAttribute(null=True)


class DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What must happen at an instant; sparse: only items that carry ``due_bucket`` are in it."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_bucket = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class RecordsTable(_Table):
    """Aggregates: heads, records, edges, look-ups, and what is due of them."""

    class Meta:
        table_name = "records"

    due_bucket = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    due = DueIndex()


class ViewsTable(_Table):
    """What is derived and may be dropped."""

    class Meta:
        table_name = "views"


class HistoryTable(_Table):
    """What records were before."""

    class Meta:
        table_name = "history"


class TenantsTable(_Table):
    """Who is served."""

    class Meta:
        table_name = "tenants"


class PrincipalsTable(_Table):
    """Who asks: users by stable id, groups, rights."""

    class Meta:
        table_name = "principals"


class OperationsTable(_Table):
    """Tickets, budgets, pauses, counters, reports, parked messages."""

    class Meta:
        table_name = "operations"


TABLES: tuple[type[_Table], ...] = (
    RecordsTable,
    ViewsTable,
    HistoryTable,
    TenantsTable,
    PrincipalsTable,
    OperationsTable,
)
