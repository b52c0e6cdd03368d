"""Tags of tables of reports, written in one go."""
