"""What viewers see of a cluster: a compact scene, its changes, and the timeline.

Read-only. A cluster nobody looks at has no projection, and pays nothing for one.
"""
