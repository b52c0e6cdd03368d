"""An office's own workbook of a year beside the system: compared cell by cell, printed, kept nowhere."""
