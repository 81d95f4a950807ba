# From files and with stringData; a projected volume; all keys at once; replaced as a whole.
# step: create
printf ann > username
printf s3cret > password
kubectl create secret generic test-secret --from-file=username --from-file=password --dry-run=client -o yaml > mine.yaml
kubectl apply -f mine.yaml
# step: volume
cat > projected.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: secret-test-pod
spec:
  containers:
  - name: main
    image: busybox
    command: ["sleep", "1000000"]
    volumeMounts:
    - name: all
      mountPath: /etc/secret-volume
  volumes:
  - name: all
    projected:
      sources:
      - secret:
          name: test-secret
EOF
kubectl apply -f projected.yaml
# step: environment
cat > env.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata:
  name: secret-env
spec:
  containers:
  - name: main
    image: busybox
    command: ["sleep", "1000000"]
    envFrom:
    - prefix: DB_
      secretRef:
        name: secret-for-env
EOF
kubectl create secret generic secret-for-env --from-literal=PASSWORD=s3cret
kubectl apply -f env.yaml
# step: rotate
printf n3w-pass > password
kubectl create secret generic test-secret --from-file=username --from-file=password --dry-run=client -o yaml | kubectl replace -f -
