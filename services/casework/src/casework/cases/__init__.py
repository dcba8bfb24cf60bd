"""Cases (办件): one handling of an item for one applicant, from its registration to its end."""
