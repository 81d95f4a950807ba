# Broken by force: nobody is left to answer.
# step: deploy
kubectl apply -f web.yaml
kubectl rollout status deployment/web
# step: expose
kubectl expose deployment web --port=80
# step: heal
kubectl delete pod -l app=web --wait=false
# step: scale
kubectl scale deployment web --replicas=5
# step: rollout
kubectl set image deployment/web nginx=nginx:1.29
kubectl rollout status deployment/web
# step: break
kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'
kubectl set image deployment/web nginx=nginx:1.99
