# A pod of another image that serves pages, asked from another pod by its address.
# step: run
cat > mine.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    tier: front
spec:
  containers:
  - name: server
    image: nginx:1.29-alpine
EOF
kubectl apply -f mine.yaml
kubectl wait --for=condition=Ready pod/web
# step: ask
kubectl run client --image=busybox --restart=Never --command -- sleep 3600
kubectl wait --for=condition=Ready pod/client
kubectl exec client -- wget -qO- $(kubectl get pod web -o jsonpath='{.status.podIP}')
# step: label
sed -i 's/tier: front/app: web/' mine.yaml
kubectl apply -f mine.yaml
# step: delete
kubectl delete -f mine.yaml
