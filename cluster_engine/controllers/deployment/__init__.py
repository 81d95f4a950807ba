"""The Deployment controller, split by verb.

`controller` decides, `replicasets` finds and makes replica sets, `rolling` and `recreate` move
between them, `scaling` keeps proportions, `status` computes. Models:
k8s.io/kubernetes/pkg/controller/deployment (v1.37.2).
"""
