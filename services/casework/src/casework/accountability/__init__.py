"""Charter: warnings, attribution of overdue time, accountability and the ledger of rewards and penalties."""
