"""Savings against brute force: each lever's by rules of its own over the rows of charges, and all of them together.

A lever is checked by a module of evals.savings.levers that bears its name and has `expected(world)`: target → a
month's saving, from plain rows. Nothing below evals/savings but check.py imports tools.optimize.
"""
