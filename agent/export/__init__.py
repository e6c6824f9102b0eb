"""An answer as a file for other programs: exact decimals, never rounded."""
