"""Writes that span several models, each in one transaction."""
