"""gpu_fleet: what GPUs do, hold, draw and cost, from telemetry joined with charges."""
