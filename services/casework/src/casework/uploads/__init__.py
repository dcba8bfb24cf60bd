"""Charter: files that applicants send, kept outside the database behind a port."""
