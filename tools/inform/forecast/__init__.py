"""Forecasts of any metric and slice, with the error that they had on what is already known."""
