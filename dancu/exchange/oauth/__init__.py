"""Clients prove who they are (RFC 7523) and get short tokens; answers are signed (RFC 7515)."""
