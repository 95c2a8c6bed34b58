"""The workbench for an agency's own file: what is wrong in it, what to do, and the clean file."""
