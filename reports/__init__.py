"""Numbers out: pages, prints, workbooks and Word documents, and taking everything out."""
