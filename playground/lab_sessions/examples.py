"""Examples that run as they are, from the course's labs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A text for the editor."""

    name: str
    title: str
    text: str


_REDIS = """\
# A pod whose volume lives as long as the pod: kill the container, the file stays.
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

_SECRET = """\
# A secret, and a pod that reads it as files in /etc/secret-volume.
apiVersion: v1
kind: Secret
metadata:
  name: test-secret
data:
  username: bXktYXBw
  password: Mzk1MjgkdmRnN0pi
---
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

_INSUFFICIENT = """\
# No node has that much cpu free. Ask why: the pod says what each node lacks.
apiVersion: v1
kind: Pod
metadata:
  name: too-big
spec:
  containers:
  - name: app
    image: nginx
    resources:
      requests:
        cpu: "64"
        memory: 1Gi
"""

_NGINX = """\
# Three copies of a web server, and one address for them.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx
  labels:
    app: nginx
spec:
  replicas: 3
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      containers:
      - name: nginx
        image: nginx
        ports:
        - containerPort: 80
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
---
apiVersion: v1
kind: Service
metadata:
  name: nginx
spec:
  selector:
    app: nginx
  ports:
  - port: 80
    targetPort: 80
"""

EXAMPLES = (
    Example("redis", "Redis with an emptyDir volume", _REDIS),
    Example("secret", "A secret as files in a pod", _SECRET),
    Example("nginx", "A deployment and its service", _NGINX),
    Example("insufficient-cpu", "A pod that fits no node", _INSUFFICIENT),
)
