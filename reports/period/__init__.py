"""A quarter, half year or month: page, print, workbook."""
