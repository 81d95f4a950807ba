# Three pods by hand are no deployment.
# step: deploy
kubectl run web-1 --image=nginx:1.28 --labels=app=web
kubectl run web-2 --image=nginx:1.28 --labels=app=web
kubectl run web-3 --image=nginx:1.28 --labels=app=web
