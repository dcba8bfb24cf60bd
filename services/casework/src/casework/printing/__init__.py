"""Charter: receipts and notices as documents (docx)."""
