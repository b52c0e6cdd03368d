"""The door to all reports: years, what is due, saved views."""
