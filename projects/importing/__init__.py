"""Taking over workbooks that offices kept before: reading, recognising, comparing, writing."""
