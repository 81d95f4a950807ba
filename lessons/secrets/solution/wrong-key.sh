# The Secret has the keys, the pod mounts only one of them.
# step: create
kubectl apply -f secrets.yaml
# step: volume
sed 's/      secretName: test-secret/      secretName: test-secret\n      items:\n      - key: username\n        path: username/' secrets-pod.yaml > one.yaml
kubectl apply -f one.yaml
