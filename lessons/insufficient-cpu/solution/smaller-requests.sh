# Made to fit by smaller requests only, with millis, and without a manifest for the crowd.
# step: wait
kubectl run report --image=redis --overrides='{"spec":{"containers":[{"name":"report","image":"redis","resources":{"requests":{"cpu":"4500m"}}}]}}'
# step: shrink
kubectl delete pod report
kubectl run report --image=redis --overrides='{"spec":{"containers":[{"name":"report","image":"redis","resources":{"requests":{"cpu":"1000m"}}}]}}'
# step: crowd
kubectl create deployment crunch --image=nginx --replicas=12 --dry-run=client -o yaml > mine.yaml
sed -i 's/resources: {}/resources: {requests: {cpu: 1100m}}/' mine.yaml
kubectl apply -f mine.yaml
# step: room
kubectl set resources deployment crunch --requests=cpu=500m
kubectl rollout status deployment/crunch
