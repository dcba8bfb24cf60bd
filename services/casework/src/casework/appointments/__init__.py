"""Charter: appointments, queue tickets and calls (预约, 取号, 叫号)."""
