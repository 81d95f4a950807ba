# All run, because there are fewer of them.
# step: wait
kubectl apply -f report.yaml
# step: shrink
kubectl delete pod report
sed -i 's/cpu: "6"/cpu: "2"/' report.yaml
kubectl apply -f report.yaml
# step: crowd
kubectl apply -f crunch.yaml
# step: room
kubectl scale deployment crunch --replicas=6
kubectl rollout status deployment/crunch
