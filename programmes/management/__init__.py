"""Commands: loading the reference data."""
