"""kubectl describe."""

import re

import pytest

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: p
  labels: {app: p}
  annotations: {note: short, long: "%s"}
spec:
  containers:
  - name: c
    image: busybox
    command: [sleep, '3600']
    env:
    - {name: PLAIN, value: b}
    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    - {name: KEY, valueFrom: {configMapKeyRef: {name: x, key: z, optional: true}}}
    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
    envFrom: [{secretRef: {name: s, optional: true}, prefix: P_}]
    resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}
    readinessProbe: {httpGet: {path: /h, port: 80}}
    livenessProbe: {exec: {command: [cat, /etc/hosts]}}
    volumeMounts: [{name: v, mountPath: /v, subPath: a}]
  volumes:
  - {name: v, emptyDir: {}}
  - {name: m, configMap: {name: x, optional: true}}
  tolerations: [{key: k, operator: Exists, effect: NoSchedule}]
""" % ("x" * 150)


@pytest.fixture
def pod(console):
    console.write("p.yaml", POD)
    assert console.run("apply -f p.yaml").code == 0
    console.settle(20)
    return console.run("describe pod p").out


@pytest.mark.parametrize(
    "part",
    [
        "Name:             p\nNamespace:        default\nPriority:         0\n",
        "Node:             node-",
        "Annotations:      long:\n                    "
        + "x" * 138
        + "...\n                  note: short\n",
        "Status:           Running\n",
        "    Command:\n      sleep\n      3600\n    State:          Running\n      Started:      ",
        "    Limits:\n      memory:  64Mi\n"
        "    Requests:\n      cpu:      100m\n      memory:   64Mi\n",
        "    Liveness:   exec [cat /etc/hosts] delay=0s timeout=1s period=10s successThreshold=1 "
        "failureThreshold=3\n",
        "    Readiness:  http-get http://:80/h delay=0s timeout=1s period=10s successThreshold=1 "
        "failureThreshold=3\n",
        "    Environment Variables from:\n      s  Secret with prefix 'P_'  Optional: true\n",
        "      PLAIN:  b\n      NAME:   p (v1:metadata.name)\n"
        "      KEY:    <set to the key 'z' of config map 'x'>  Optional: true\n"
        "      LIMIT:  67108864 (limits.memory)\n",
        '      /v from v (rw,path="a")\n',
        "  v:\n    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)\n"
        "    Medium:     \n    SizeLimit:  <unset>\n",
        "  m:\n    Type:      ConfigMap (a volume populated by a ConfigMap)\n    Name:      x\n"
        "    Optional:  true\n",
        "QoS Class:                   Burstable\nNode-Selectors:              <none>\n"
        "Tolerations:                 k:NoSchedule op=Exists\n",
        "  Type                        Status\n",
        "Successfully assigned default/p to node-",
        "Warning  Unhealthy",
    ],
    ids=lambda part: part.strip().split("\n")[0][:40],
)
def test_a_pod(pod, part):
    assert part in pod


def test_a_deployment(web):
    out = web.run("describe deploy web").out
    assert re.sub(r"web-\w+ ", "web-HASH ", out.partition("Events:")[0]) == (
        "Name:                   web\n"
        "Namespace:              default\n"
        "CreationTimestamp:      Thu, 01 Jan 2026 00:00:00 +0000\n"
        "Labels:                 app=web\n"
        "Annotations:            deployment.kubernetes.io/revision: 1\n"
        "Selector:               app=web\n"
        "Replicas:               2 desired | 2 updated | 2 total | 2 available | 0 unavailable\n"
        "StrategyType:           RollingUpdate\n"
        "MinReadySeconds:        0\n"
        "RollingUpdateStrategy:  25% max unavailable, 25% max surge\n"
        "Pod Template:\n"
        "  Labels:  app=web\n"
        "  Containers:\n"
        "   c:\n"
        "    Image:      busybox\n"
        "    Port:       80/TCP (http)\n"
        "    Host Port:  0/TCP (http)\n"
        "    Command:\n"
        "      sh\n"
        "      -c\n"
        "      echo started; exec sleep 3600\n"
        "    Environment:   <none>\n"
        "    Mounts:        <none>\n"
        "  Volumes:         <none>\n"
        "  Node-Selectors:  <none>\n"
        "  Tolerations:     <none>\n"
        "Conditions:\n"
        "  Type           Status  Reason\n"
        "  ----           ------  ------\n"
        "  Available      True    MinimumReplicasAvailable\n"
        "  Progressing    True    NewReplicaSetAvailable\n"
        "OldReplicaSets:  <none>\n"
        "NewReplicaSet:   web-HASH (2/2 replicas created)\n"
    )


def test_a_node(web):
    out = web.run("describe node node-1").out
    for part in (
        "Name:               node-1\nRoles:              <none>\n",
        "Taints:             <none>\nUnschedulable:      false\n"
        "Lease:\n  HolderIdentity:  node-1\n",
        "System Info:\n  Machine ID:",
        "PodCIDR:                      10.244.0.0/24\n",
        "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n"
        "  Resource           Requests  Limits\n",
    ):
        assert part in out


def test_a_service(web):
    web.run("expose deploy web --port 80 --type NodePort")
    web.settle(2)
    out = web.run("describe svc web").out
    assert re.search(
        r"Port: +<unset>  80/TCP\nTargetPort: +80/TCP\nNodePort: +<unset>  3\d+/TCP", out
    )
    assert re.search(r"Endpoints: +10\.244\.\d\.\d+:80,10\.244\.\d\.\d+:80\n", out)


def test_secrets_show_sizes_only(console):
    console.run("create secret generic s --from-literal=password=hunter2")
    assert console.run("describe secret s").out == (
        "Name:         s\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\n"
        "Type:  Opaque\n\nData\n====\npassword:  7 bytes\n"
    )


def test_a_config_map(console):
    console.run("create cm c --from-literal=a=b")
    assert console.run("describe cm c").out == (
        "Name:         c\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\n"
        "Data\n====\na:\n----\nb\n\n\nBinaryData\n====\n\nEvents:  <none>\n"
    )


def test_a_role(console):
    console.run("create role r --verb=get,list --resource=pods,deployments.apps")
    assert console.run("describe role r").out.endswith(
        "PolicyRule:\n"
        "  Resources         Non-Resource URLs  Resource Names  Verbs\n"
        "  ---------         -----------------  --------------  -----\n"
        "  pods              []                 []              [get list]\n"
        "  deployments.apps  []                 []              [get list]\n"
    )


OBJECTS = """\
apiVersion: v1
kind: ResourceQuota
metadata: {name: q}
spec: {hard: {pods: "2", requests.cpu: "1"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: l}
spec: {limits: [{type: Container, max: {cpu: "2"}, defaultRequest: {cpu: 100m}}]}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sts}
spec:
  serviceName: s
  replicas: 0
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: busybox}]}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec:
  selector: {matchLabels: {d: s}}
  template:
    metadata: {labels: {d: s}}
    spec: {nodeSelector: {no: where}, containers: [{name: c, image: busybox}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec:
  suspend: true
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: cj}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ing}
spec:
  rules:
  - host: a.example
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np}
spec:
  podSelector: {matchLabels: {a: b}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: pdb}
spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: sc}
provisioner: example.com/x
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: prio}
value: 10
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: default, namespace: default}]
---
apiVersion: v1
kind: Endpoints
metadata: {name: e}
subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
"""


@pytest.mark.parametrize(
    ("what", "part"),
    [
        ("quota q", "Resource      Used  Hard\n--------      ----  ----\npods          0     2\n"),
        ("limits l", "Container   cpu       -    2    100m             2              -\n"),
        (
            "pv pv",
            "Source:\n    Type:          HostPath (bare host directory volume)\n"
            "    Path:          /data\n",
        ),
        ("pvc pvc", "Used By:       <none>\n"),
        ("sts sts", "0 Running / 0 Waiting / 0 Succeeded / 0 Failed\n"),
        ("ds ds", "Desired Number of Nodes Scheduled: 0\n"),
        ("job job", "Suspend:          true\n"),
        ("cj cj", "Active Jobs:         <none>\n"),
        (
            "ing ing",
            "Rules:\n  Host        Path  Backends\n  ----        ----  --------\n  a.example   \n"
            '              /   web:80 (<error: services "web" not found>)\n',
        ),
        (
            "netpol np",
            "  PodSelector:     a=b\n  Allowing ingress traffic:\n    To Port: 80/TCP\n    From:\n"
            "      PodSelector: <none>\n  Not affecting egress traffic\n  Policy Types: Ingress\n",
        ),
        ("pdb pdb", "Status:\n    Allowed disruptions:  0\n"),
        ("sc sc", "IsDefaultClass:  No\n"),
        ("pc prio", "Value:             10\nGlobalDefault:     false\n"),
        ("hpa hpa", "  resource cpu on pods  (as a percentage of request):  <unknown> / 80%\n"),
        (
            "rolebinding rb",
            "Role:\n  Kind:  Role\n  Name:  r\nSubjects:\n  Kind            Name     Namespace\n",
        ),
        ("ns default", "Resource Quotas\n  Name:     "),
        ("sa default", "Image pull secrets:  <none>\n"),
        ("ep e", "Subsets:\n  Addresses:          10.0.0.1\n  NotReadyAddresses:  <none>\n"),
        ("lease -n kube-node-lease node-1", "Spec:\n  Holder Identity:         node-1\n"),
    ],
)
def test_other_kinds(console, what, part):
    console.write("all.yaml", OBJECTS)
    assert console.run("apply -f all.yaml").code == 0
    result = console.run(f"describe {what}")
    assert part in result.out, result


class TestWhatIsDescribed:
    def test_names_by_their_beginning(self, web):
        out = web.run("describe pod we").out
        assert out.count("\nContainers:\n") == 2

    def test_several_objects_are_apart_and_without_events(self, web):
        out = web.run("describe pods -l app=web").out
        assert "\n\n\nName:" in out
        assert "Events:" not in out

    @pytest.mark.parametrize(
        ("line", "err"),
        [
            ("describe pod nope", 'Error from server (NotFound): pods "nope" not found\n'),
            ("describe job", "No resources found in default namespace.\n"),
            (
                "describe",
                'error: You must specify the type of resource to describe. Use "kubectl '
                'api-resources" for a complete list of supported resources.\n',
            ),
        ],
    )
    def test_refusals(self, console, line, err):
        assert console.run(line).err == err
