"""How a report looks on paper: shapes, workbooks, Word documents, pages to print. No query."""
