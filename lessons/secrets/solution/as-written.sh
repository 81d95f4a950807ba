# step: create
kubectl create secret generic test-secret --from-literal=username=my-app --from-literal=password='39528$vdg7Jb'
# step: volume
kubectl apply -f secrets-pod.yaml
# step: environment
kubectl apply -f secret-env.yaml
# step: rotate
kubectl patch secret test-secret -p '{"stringData":{"password":"n3w-pass"}}'
