"""FinOps' Optimize phase: what can be saved, proved from the data, ranked, no dollar counted twice."""
