"""An answer as a chart: one function makes the spec, one renderer draws it in a terminal, another as a PNG."""
