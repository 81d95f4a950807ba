# It waits, but for memory.
# step: wait
kubectl run report --image=nginx --overrides='{"spec":{"containers":[{"name":"report","image":"nginx","resources":{"requests":{"memory":"100Gi"}}}]}}'
