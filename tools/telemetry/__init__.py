"""NVML and Prometheus/DCGM → GPU samples, and what an hour of them says about a GPU."""
