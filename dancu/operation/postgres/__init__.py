"""The embedded PostgreSQL: programs, data directory, server, roles."""
