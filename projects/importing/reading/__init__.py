"""Files of strangers become sheets of plain values: workbooks and pasted blocks. Nothing here knows a row."""
