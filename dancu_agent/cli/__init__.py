"""The command line: what people at the agency type."""
