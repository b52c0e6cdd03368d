"""Taking everything out: all tables as one workbook, an archive, or one CSV."""
