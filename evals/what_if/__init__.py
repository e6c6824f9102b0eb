"""What-if, against brute force: rows changed and priced again one by one, in plain Python."""
