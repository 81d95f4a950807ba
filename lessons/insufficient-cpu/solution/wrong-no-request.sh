# It runs, because it asks for nothing any more.
# step: wait
kubectl apply -f report.yaml
# step: shrink
kubectl delete pod report
kubectl run report --image=nginx
