"""What a cell says: an amount of money, a day or a time of the year, a code."""
