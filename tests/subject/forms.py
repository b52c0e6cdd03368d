"""What the subject asks for: nothing yet."""
