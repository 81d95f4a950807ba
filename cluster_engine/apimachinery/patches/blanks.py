"""What an object of a kind still has when no field is set.

Go's structs are always there, unlike maps, lists and pointers. So nobody is recorded as the owner
of `spec` or `spec.strategy` as such, only of what is in them. `Types.blank` answers from here.

Models: the non-pointer fields of k8s.io/api (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object

_TEMPLATE: Object = {"metadata": {}, "spec": {"containers": None}}
_WORKLOAD: Object = {"selector": None, "template": _TEMPLATE}
_PLAIN: Object = {"spec": {}, "status": {}}
_SPEC_ONLY: Object = {"spec": {}}
_ROLE_REFERENCE: Object = {"roleRef": {"apiGroup": "", "kind": "", "name": ""}}
_NAMES: Object = {"plural": "", "kind": ""}
_CLAIM: Object = {"devices": {"requests": None}}

#: By "group/Kind"; the core group is empty. Kinds that are not here have `metadata` alone.
_BLANKS: dict[str, Object] = {
    "/Event": {
        "involvedObject": {},
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "eventTime": None,
        "reportingComponent": "",
        "reportingInstance": "",
    },
    "/LimitRange": {"spec": {"limits": None}},
    "/Namespace": _PLAIN,
    "/Node": {
        "spec": {},
        "status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": 0}}, "nodeInfo": {}},
    },
    "/PersistentVolume": _PLAIN,
    "/PersistentVolumeClaim": {"spec": {"resources": {}}, "status": {}},
    "/Pod": {"spec": {"containers": None}, "status": {}},
    "/PodTemplate": {"template": _TEMPLATE},
    "/ReplicationController": {"spec": {}, "status": {"replicas": 0}},
    "/ResourceQuota": _PLAIN,
    "/Service": {"spec": {}, "status": {"loadBalancer": {}}},
    "admissionregistration.k8s.io/MutatingAdmissionPolicy": _SPEC_ONLY,
    "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": _SPEC_ONLY,
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy": _PLAIN,
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": _SPEC_ONLY,
    "apiextensions.k8s.io/CustomResourceDefinition": {
        "spec": {"group": "", "names": _NAMES, "scope": "", "versions": None},
        "status": {"conditions": None, "acceptedNames": _NAMES, "storedVersions": None},
    },
    "apiregistration.k8s.io/APIService": _PLAIN,
    "apps/ControllerRevision": {"data": None, "revision": 0},
    "apps/DaemonSet": {
        "spec": {**_WORKLOAD, "updateStrategy": {}},
        "status": dict.fromkeys(
            (
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
            ),
            0,
        ),
    },
    "apps/Deployment": {"spec": {**_WORKLOAD, "strategy": {}}, "status": {}},
    "apps/ReplicaSet": {"spec": _WORKLOAD, "status": {"replicas": 0}},
    "apps/StatefulSet": {
        "spec": {**_WORKLOAD, "serviceName": "", "updateStrategy": {}},
        "status": {"replicas": 0, "availableReplicas": 0},
    },
    "autoscaling/HorizontalPodAutoscaler": {
        "spec": {"scaleTargetRef": {"kind": "", "name": ""}, "maxReplicas": 0},
        "status": {"desiredReplicas": 0, "currentMetrics": None},
    },
    "autoscaling/Scale": {"spec": {}, "status": {"replicas": 0}},
    "batch/CronJob": {
        "spec": {"schedule": "", "jobTemplate": {"metadata": {}, "spec": {"template": _TEMPLATE}}},
        "status": {},
    },
    "batch/Job": {"spec": {"template": _TEMPLATE}, "status": {}},
    "certificates.k8s.io/CertificateSigningRequest": {
        "spec": {"request": None, "signerName": ""},
        "status": {},
    },
    "certificates.k8s.io/ClusterTrustBundle": {"spec": {"trustBundle": ""}},
    "coordination.k8s.io/Lease": _SPEC_ONLY,
    "discovery.k8s.io/EndpointSlice": {"addressType": "", "endpoints": None, "ports": None},
    "events.k8s.io/Event": {
        "eventTime": None,
        "regarding": {},
        "deprecatedSource": {},
        "deprecatedFirstTimestamp": None,
        "deprecatedLastTimestamp": None,
    },
    "flowcontrol.apiserver.k8s.io/FlowSchema": {
        "spec": {"priorityLevelConfiguration": {"name": ""}, "matchingPrecedence": 0},
        "status": {},
    },
    "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": {
        "spec": {"type": ""},
        "status": {},
    },
    "networking.k8s.io/IPAddress": _SPEC_ONLY,
    "networking.k8s.io/Ingress": {"spec": {}, "status": {"loadBalancer": {}}},
    "networking.k8s.io/IngressClass": _SPEC_ONLY,
    "networking.k8s.io/NetworkPolicy": {"spec": {"podSelector": {}}},
    "networking.k8s.io/ServiceCIDR": _PLAIN,
    "node.k8s.io/RuntimeClass": {"handler": ""},
    "policy/PodDisruptionBudget": {
        "spec": {},
        "status": dict.fromkeys(
            ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"), 0
        ),
    },
    "rbac.authorization.k8s.io/ClusterRole": {"rules": None},
    "rbac.authorization.k8s.io/ClusterRoleBinding": _ROLE_REFERENCE,
    "rbac.authorization.k8s.io/Role": {"rules": None},
    "rbac.authorization.k8s.io/RoleBinding": _ROLE_REFERENCE,
    "resource.k8s.io/DeviceClass": _SPEC_ONLY,
    "resource.k8s.io/ResourceClaim": {"spec": _CLAIM, "status": {}},
    "resource.k8s.io/ResourceClaimTemplate": {"spec": {"metadata": {}, "spec": _CLAIM}},
    "resource.k8s.io/ResourceSlice": {
        "spec": {"driver": "", "pool": {"name": "", "generation": 0, "resourceSliceCount": 0}}
    },
    "scheduling.k8s.io/PriorityClass": {"value": 0},
    "storage.k8s.io/CSIDriver": _SPEC_ONLY,
    "storage.k8s.io/CSINode": {"spec": {"drivers": None}},
    "storage.k8s.io/CSIStorageCapacity": {"storageClassName": ""},
    "storage.k8s.io/StorageClass": {"provisioner": ""},
    "storage.k8s.io/VolumeAttachment": {
        "spec": {"attacher": "", "source": {}, "nodeName": ""},
        "status": {"attached": False},
    },
    "storage.k8s.io/VolumeAttributesClass": {"driverName": ""},
    "storagemigration.k8s.io/StorageVersionMigration": _PLAIN,
}


def blank(group: str, kind: str) -> Object:
    """The object with nothing set; read-only, shared by all callers."""
    return _COMPLETE.get(f"{group}/{kind}", _METADATA_ONLY)


_METADATA_ONLY: Object = {"metadata": {}}
_COMPLETE: dict[str, Object] = {key: {"metadata": {}, **rest} for key, rest in _BLANKS.items()}
