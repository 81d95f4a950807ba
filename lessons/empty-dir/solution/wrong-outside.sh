# Written beside the volume: the restart takes it along.
# step: create
kubectl apply -f pod-redis.yaml
kubectl wait --for=condition=Ready pod/redis
# step: write
kubectl exec redis -- sh -c 'echo Hello > /data/test-file'
