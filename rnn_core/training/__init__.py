"""What carries the trainings: the spec, the run store, the job that a worker runs, the cluster."""
