"""What a submission would do: tried on a copy of the cluster, told as numbers and lists."""
