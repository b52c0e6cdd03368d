"""Screens of the importer: a list is brought, read, confirmed, written, taken back; its file read and erased."""
