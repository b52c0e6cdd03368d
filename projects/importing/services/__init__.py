"""Writes of the importer: a file brought, questions answered, a list written all or none, taken back."""
