# A directory of the node is no emptyDir.
# step: create
sed 's/emptyDir: {}/hostPath: {path: \/tmp}/' pod-redis.yaml > mine.yaml
kubectl apply -f mine.yaml
