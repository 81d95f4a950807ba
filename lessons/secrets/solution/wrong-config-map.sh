# A ConfigMap of the same content is no Secret.
# step: create
kubectl create configmap test-secret --from-literal=username=my-app --from-literal=password=x
