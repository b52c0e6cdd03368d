"""What the system writes of a record for a reader: its text for a revision, the sheet of an appraisal, e-mails."""
