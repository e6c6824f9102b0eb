"""Who pays for what: rules, owners, shared cost, chargeback statements and their closing."""
