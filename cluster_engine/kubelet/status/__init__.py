"""From a worker's state to the pod's status: pure functions. See `pod_status.py`."""
