"""Root cause over dimension combinations: real labelled cases, and made ones whose cause was planted."""
