"""What-if: what a month would cost if traffic, models, caching, batching, lengths, prices or GPUs were different."""
