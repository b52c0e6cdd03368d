"""Sums of money as they stand on a day, the limits that they keep, and the proof of both."""
