"""Charter: complaints and reports with protected identity (投诉举报)."""
