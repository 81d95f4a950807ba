"""A simulated, faithful Kubernetes cluster as a library: no sockets, no threads, no wall clock."""
