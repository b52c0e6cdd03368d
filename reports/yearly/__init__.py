"""The yearly report in words, to be signed: a Word document."""
