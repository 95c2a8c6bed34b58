"""The exchange: agencies verify and look up people instead of asking them for paper."""
