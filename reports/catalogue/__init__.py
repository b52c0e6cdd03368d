"""The catalogue of reports: each is one definition, from which its page, its print and its workbook are made."""
