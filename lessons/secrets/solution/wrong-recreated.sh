# The pod mounts a Secret that is not there any more.
# step: create
kubectl apply -f secrets.yaml
# step: volume
kubectl delete secret test-secret
kubectl apply -f secrets-pod.yaml
