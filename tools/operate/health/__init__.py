"""health_check: one page on how well the spend is in hand."""
