"""The end-to-end story: idle GPUs found, proposed, approved, stopped, their saving proven, and started again."""
