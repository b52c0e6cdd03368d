"""People, the organisations that they work under, and their roles; signing in."""
