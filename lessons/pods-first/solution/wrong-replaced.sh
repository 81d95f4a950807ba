# Deleted, and made again: it is not gone.
# step: run
kubectl run web --image=nginx
kubectl wait --for=condition=Ready pod/web
# step: ask
kubectl exec web -- curl -s localhost
# step: label
kubectl label pod web app=web
# step: delete
kubectl replace --force -f web.yaml
