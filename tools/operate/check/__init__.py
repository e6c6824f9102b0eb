"""Plans priced before they run, and held to the policies: Terraform, Kubernetes, Slurm, training configs."""
