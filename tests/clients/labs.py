"""The manifests of the course's labs, as they are typed there."""

REDIS_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: redis
spec:
  containers:
  - name: redis
    image: redis
    volumeMounts:
    - name: redis-storage
      mountPath: /data/redis
  volumes:
  - name: redis-storage
    emptyDir: {}
"""

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: test-secret
data:
  username: bXktYMxw
  password: Mzk1MjqkdmRnN0pi
"""

SECRET_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: secret-test-pod
spec:
  containers:
  - name: test-container
    image: nginx
    volumeMounts:
    # name must match the volume name below
    - name: secret-volume
      mountPath: /etc/secret-volume
  # The secret data is exposed to Containers in the Pod through a Volume.
  volumes:
  - name: secret-volume
    secret:
      secretName: test-secret
"""
