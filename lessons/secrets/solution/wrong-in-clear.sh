# The variable is there, but for everybody to read.
# step: create
kubectl apply -f secrets.yaml
# step: volume
kubectl apply -f secrets-pod.yaml
# step: environment
kubectl run secret-env --image=nginx --env=DB_PASSWORD=39528
