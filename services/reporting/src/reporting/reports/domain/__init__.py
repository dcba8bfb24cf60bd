"""Rules of reports: templates and cycles, entries, composing, states, timeliness. Pure."""
