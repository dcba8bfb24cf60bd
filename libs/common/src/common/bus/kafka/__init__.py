"""The kafka adapter, for every deployment beyond one machine. aiokafka is imported by `clients` alone."""
