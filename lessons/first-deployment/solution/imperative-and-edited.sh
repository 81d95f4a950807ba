# No manifest at first, another selector, a service by hand, and the way back by setting the image.
# step: deploy
kubectl create deployment web --image=nginx:1.28 --replicas=4
# step: expose
cat > service.yaml <<'EOF'
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: 80
EOF
kubectl apply -f service.yaml
# step: heal
kubectl delete $(kubectl get pods -l app=web -o name | head -1)
# step: scale
kubectl patch deployment web -p '{"spec":{"replicas":5}}'
# step: rollout
kubectl get deployment web -o yaml > web-now.yaml
sed -i 's/nginx:1.28/nginx:1.29/' web-now.yaml
kubectl replace -f web-now.yaml
# step: break
kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"nginx:no-such-tag"}]'
# step: undo
kubectl set image deployment/web '*=nginx:1.28'
kubectl rollout status deployment/web
