"""Reports that were submitted: frozen as they were printed, and compared with today."""
