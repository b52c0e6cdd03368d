"""How a list lies in its sheet: its columns under their many names, the unit of money, what each row is."""
