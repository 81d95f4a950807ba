"""Where clusters live: the only package that touches a `Cluster`, behind `host.ClusterHost`."""
