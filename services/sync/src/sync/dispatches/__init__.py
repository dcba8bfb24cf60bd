"""Charter: dispatches (下达): versions of records on their way down the levels, and who has signed for them (签收)."""
