"""Anomalies against planted truth, and against the published Numenta benchmark."""
