"""Charter: what the law's clock shows, from a ledger of entries and a calendar. No I/O."""
