"""The remediation desk: proposals, who approved what, what was done about it, and the trail that proves all of it."""
