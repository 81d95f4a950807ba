# A pod with more in it, the file written by the program itself, ended by a signal to a child.
# step: create
cat > mine.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: redis
spec:
  containers:
  - name: main
    image: busybox
    command: ["sh", "-c", "sleep 1000000 & wait"]
    volumeMounts:
    - name: scratch
      mountPath: /data/redis
  volumes:
  - name: scratch
    emptyDir:
      medium: Memory
      sizeLimit: 64Mi
EOF
kubectl apply -f mine.yaml
kubectl wait --for=condition=Ready pod/redis
# step: write
kubectl exec redis -- cp /etc/hostname /data/redis/test-file
# step: restart
kubectl exec redis -- killall sleep
# step: replace
kubectl replace --force -f mine.yaml
# step: share
kubectl delete -f mine.yaml --wait=false
sed 's/name: shared/name: shared/; s/image: nginx/image: httpd/; s#/usr/share/nginx/html#/usr/local/apache2/htdocs#' shared.yaml > other.yaml
kubectl apply -f other.yaml
