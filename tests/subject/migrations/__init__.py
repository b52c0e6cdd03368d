"""Nothing is kept yet."""
