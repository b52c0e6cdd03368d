"""Who may, what follows what, and what the law says."""
