"""The embedded adapter: a partitioned log in PostgreSQL, for one machine. It stays small; nothing Kafka lacks."""
