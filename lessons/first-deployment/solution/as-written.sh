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
kubectl set image deployment/web nginx=nginx:1.99
# step: undo
kubectl rollout undo deployment/web
kubectl rollout status deployment/web
