"""Progress reports: periods, declared beside computed values, submission level by level, restatement."""
