"""Plans that are generated with their truth, against `outlay check`."""
