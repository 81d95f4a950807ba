# A service that selects nobody.
# step: deploy
kubectl apply -f web.yaml
kubectl rollout status deployment/web
# step: expose
kubectl create service clusterip web --tcp=80:80
kubectl set selector service web app=wbe
