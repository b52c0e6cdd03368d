"""Commands: the demo of 2006, the daily digest, the proof of all totals."""
