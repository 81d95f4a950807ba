"""Sessions: a cluster of one's own for a while, who may do what with it, and its REST API."""
