"""An office's own list of a year beside what the system holds for it, cell by cell; nothing is written."""
