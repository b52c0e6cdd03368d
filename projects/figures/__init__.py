"""Figures over many projects: what is asked, how it is grouped, and the rows behind each cell."""
