"""The measured goals, each beside its peer or limit in the same run; `make bench`, `make bench ONLY=case_writes`."""
