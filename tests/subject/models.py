"""What the subject keeps: nothing yet."""
