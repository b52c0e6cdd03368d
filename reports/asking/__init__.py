"""What a report is asked by: years and periods, organisations, days."""
