"""Kinds of lists that offices keep, each declared: its columns, and what becomes of its rows."""
