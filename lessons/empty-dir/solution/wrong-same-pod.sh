# The file removed by hand, in the old pod.
# step: create
kubectl apply -f pod-redis.yaml
kubectl wait --for=condition=Ready pod/redis
# step: write
kubectl exec redis -- sh -c 'echo Hello > /data/redis/test-file'
# step: restart
kubectl exec redis -- kill 1
# step: replace
kubectl exec redis -- rm /data/redis/test-file
