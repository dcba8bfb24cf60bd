"""Figures hold several types of records; sums per month beside those per day."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0108"
down_revision = "20261123_0107"
branch_labels = None
depends_on = None

_CASES = """
INSERT INTO accepted_facts (level, record_id, record, version, division, duty, item_code, facts)
SELECT level, case_id, 'casework.case', 0, division, duty, item_code, coalesce(told.facts, '[]')
FROM accepted_cases, LATERAL (
    SELECT '[' || string_agg(format('["%s", "%s", 1]', measure, day), ', ' ORDER BY measure) || ']' AS facts
    FROM (VALUES ('registered', registered_on), ('accepted', accepted_on), ('refused', refused_on),
        ('withdrawn', withdrawn_on), ('closed', closed_on)) days (measure, day)
    WHERE day IS NOT NULL) told
"""
_MEASURES = (
    "registered", "registered_online", "supplement_asked", "accepted", "accepted_deemed", "refused", "withdrawn",
    "closed", "closed_immediate", "closed_promised", "closed_void", "closed_on_time", "closed_overdue", "handled",
    "handling_days", "rated_very_satisfied", "rated_satisfied", "rated_basically_satisfied", "rated_dissatisfied",
    "rated_very_dissatisfied", "rated_matters", "rated_visits", "rated_again", "rated_excluded", "complaints_filed",
    "complaints_replied", "complaints_overdue", "complaints_substantiated", "consultations_filed",
    "consultations_replied", "consultations_overdue",
)  # fmt: skip
_MONTHS = """
INSERT INTO figure_months (level, division, part, item_code, duty, month,
    registered, accepted, refused, withdrawn, closed)
SELECT level, division, part, coalesce(item_code, ''), coalesce(duty, ''), date_trunc('month', day)::date,
    sum(number) FILTER (WHERE measure = 'registered'), sum(number) FILTER (WHERE measure = 'accepted'),
    sum(number) FILTER (WHERE measure = 'refused'), sum(number) FILTER (WHERE measure = 'withdrawn'),
    sum(number) FILTER (WHERE measure = 'closed')
FROM figures, LATERAL (VALUES ('all', value), ('own', own)) parts (part, number)
WHERE number <> 0 AND (part = 'all' OR division LIKE '%000')
GROUP BY level, division, part, date_trunc('month', day)::date, GROUPING SETS ((), (duty, item_code))
"""
_BACK = """
INSERT INTO accepted_cases (level, case_id, version, division, duty, item_code,
    registered_on, accepted_on, refused_on, withdrawn_on, closed_on)
SELECT level, record_id, version, division, duty, item_code, days.*
FROM accepted_facts, LATERAL (
    SELECT (min(fact ->> 1) FILTER (WHERE fact ->> 0 = 'registered'))::date,
        (min(fact ->> 1) FILTER (WHERE fact ->> 0 = 'accepted'))::date,
        (min(fact ->> 1) FILTER (WHERE fact ->> 0 = 'refused'))::date,
        (min(fact ->> 1) FILTER (WHERE fact ->> 0 = 'withdrawn'))::date,
        (min(fact ->> 1) FILTER (WHERE fact ->> 0 = 'closed'))::date
    FROM jsonb_array_elements(facts::jsonb) fact) days
WHERE record = 'casework.case'
"""


def upgrade() -> None:
    """What was known of cases is carried over; the accepted streams are read again, as far back as they are kept.

    A carried row has version 0, so that the same version read again tells its new measures; what it told before is not
    counted twice. Months before the streams begin know the five measures by day only. A figures consumer of the release
    before waits for the lock and stops then until it is replaced.
    """
    op.execute("LOCK TABLE accepted_cases, figures IN EXCLUSIVE MODE")
    op.execute("DELETE FROM bus_positions WHERE consumer_group = 'reporting-figures'")
    op.create_table(
        "accepted_facts",
        sa.Column("level", sa.Text(collation="C"), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("duty", sa.Text(collation="C"), nullable=False),
        sa.Column("item_code", sa.Text(collation="C"), nullable=False),
        sa.Column("facts", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("level", "record_id", name=op.f("pk_accepted_facts")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "figure_months",
        sa.Column("level", sa.Text(collation="C"), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("part", sa.Text(collation="C"), nullable=False),
        sa.Column("item_code", sa.Text(collation="C"), nullable=False),
        sa.Column("duty", sa.Text(collation="C"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in _MEASURES),
        sa.PrimaryKeyConstraint(
            "level", "division", "part", "item_code", "duty", "month", name=op.f("pk_figure_months")
        ),
        postgresql_with={"fillfactor": 70},
    )
    op.execute(_CASES)
    op.execute(_MONTHS)
    op.execute("-- squawk-ignore ban-drop-table\nDROP TABLE accepted_cases")


def downgrade() -> None:
    """The days of cases come back; ratings and complaints do not."""
    op.create_table(
        "accepted_cases",
        sa.Column("level", sa.Text(collation="C"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("duty", sa.Text(collation="C"), nullable=False),
        sa.Column("item_code", sa.Text(collation="C"), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        *(sa.Column(f"{what}_on", sa.Date()) for what in ("accepted", "refused", "withdrawn", "closed")),
        sa.PrimaryKeyConstraint("level", "case_id", name=op.f("pk_accepted_cases")),
        postgresql_with={"fillfactor": 80},
    )
    op.execute(_BACK)
    op.drop_table("figure_months")
    op.drop_table("accepted_facts")
