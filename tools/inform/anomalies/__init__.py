"""Cost anomalies: slices worth watching, what departs from their rhythm, and incidents folded out of that."""
