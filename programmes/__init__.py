"""What money and rules exist: law and reference data, yearly plans and rounds, letters, assigned money."""
