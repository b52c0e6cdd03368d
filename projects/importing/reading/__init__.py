"""Files of strangers, read: workbooks and pasted blocks become sheets of plain values. Nothing here knows a row."""
