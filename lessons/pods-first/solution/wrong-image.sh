# The pod is there, but its image is not.
# step: run
kubectl run web --image=ngnix-typo:latest
