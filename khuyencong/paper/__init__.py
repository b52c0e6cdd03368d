"""Official documents on paper (NĐ 30/2020): head, widths of type, tables, Word; a paper as data. No query."""
