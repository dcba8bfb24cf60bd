"""The divisions of Guangdong as committed data; see PROVENANCE.md beside this file."""
