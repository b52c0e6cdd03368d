"""What the subject writes: nothing yet. A write is atomic, names its actor, and guards itself."""
