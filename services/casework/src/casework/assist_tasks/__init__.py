"""Charter: assist tasks (协助任务): an office asks stations that it guides, they report, it accepts with quality."""
