"""One year of a Centre or Department: page, print, yearly workbook, form 2."""
