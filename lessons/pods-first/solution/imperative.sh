# step: run
kubectl run web --image=nginx
kubectl wait --for=condition=Ready pod/web
# step: ask
kubectl exec web -- curl -s localhost
# step: label
kubectl label pod web app=web
# step: delete
kubectl delete pod web
