"""What jobs and their schedules are refused for."""

from __future__ import annotations

import pytest

from tests.engine.kinds.judging import (
    CREATED,
    Case,
    ChangeCase,
    Changes,
    assert_texts,
    problems,
    problems_of_change,
    problems_of_status,
    warnings,
)

REFUSED: dict[str, Case] = {
    "more at a time than none": (
        "Job",
        {"spec.parallelism": -1},
        ["spec.parallelism: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a deadline below zero": (
        "Job",
        {"spec.activeDeadlineSeconds": -1},
        ["spec.activeDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "retries below zero": (
        "Job",
        {"spec.backoffLimit": -1},
        ["spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a job's pods always end": (
        "Job",
        {"spec.template.spec.restartPolicy": "Always"},
        ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ),
    "labels of another job": (
        "Job",
        {"spec.template.metadata.labels": {"controller-uid": "u-2"}},
        [
            "spec.template.metadata.labels[controller-uid]: Invalid value: "
            '{"controller-uid":"u-2"}: must be \'u-1\'',
            "spec.template.metadata.labels[job-name]: Required value: must be 'report'",
            "spec.template.metadata.labels[batch.kubernetes.io/controller-uid]: Required "
            "value: must be 'u-1'",
            "spec.template.metadata.labels[batch.kubernetes.io/job-name]: Required value: "
            "must be 'report'",
            'spec.template.metadata.labels: Invalid value: {"controller-uid":"u-2"}: '
            "`selector` does not match template `labels`",
        ],
    ),
    "a mode nobody knows": (
        "Job",
        {"spec.completionMode": "Sorted"},
        [
            'spec.completionMode: Unsupported value: "Sorted": supported values: '
            '"NonIndexed", "Indexed"'
        ],
    ),
    "an indexed job must end": (
        "Job",
        {"spec.completionMode": "Indexed", "spec.parallelism": 2},
        ["spec.completions: Required value: when completion mode is Indexed"],
    ),
    "limits per index need indexes": (
        "Job",
        {"spec.backoffLimitPerIndex": 1},
        ["spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"],
    ),
    "a policy for failures needs pods that stay": (
        "Job",
        {
            "spec.template.spec.restartPolicy": "OnFailure",
            "spec.podFailurePolicy": {
                "rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}]
            },
        },
        [
            'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is '
            "supported when podFailurePolicy is specified"
        ],
    ),
    "a rule without a requirement": (
        "Job",
        {"spec.podFailurePolicy": {"rules": [{"action": "FailJob"}]}},
        [
            "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes "
            "and OnPodConditions is required"
        ],
    ),
    "a rule about success": (
        "Job",
        {
            "spec.podFailurePolicy": {
                "rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [0]}}]
            }
        },
        [
            "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must "
            "not be 0 for the In operator"
        ],
    ),
    "a rule about a container that is not there": (
        "Job",
        {
            "spec.podFailurePolicy": {
                "rules": [
                    {
                        "action": "Ignore",
                        "onExitCodes": {"containerName": "x", "operator": "In", "values": [1]},
                    }
                ]
            }
        },
        [
            'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "x": '
            "must be one of the container or initContainer names in the pod template"
        ],
    ),
    "an action nobody knows": (
        "Job",
        {
            "spec.podFailurePolicy": {
                "rules": [
                    {
                        "action": "Restart",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    }
                ]
            }
        },
        [
            'spec.podFailurePolicy.rules[0].action: Unsupported value: "Restart": '
            'supported values: "Count", "FailIndex", "FailJob", "Ignore"'
        ],
    ),
    "success of an index that is not there": (
        "Job",
        {
            "spec.completionMode": "Indexed",
            "spec.completions": 3,
            "spec.successPolicy": {"rules": [{"succeededIndexes": "0-5"}]},
        },
        [
            'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-5": error '
            'parsing succeededIndexes: too large index: "5"'
        ],
    ),
    "success without a rule": (
        "Job",
        {
            "spec.completionMode": "Indexed",
            "spec.completions": 3,
            "spec.successPolicy": {"rules": []},
        },
        [
            "spec.successPolicy.rules: Required value: at least one rules must be "
            "specified when the successPolicy is specified"
        ],
    ),
    "someone else's job": (
        "Job",
        {"spec.managedBy": "nobody"},
        [
            'spec.managedBy: Invalid value: "nobody": must be a domain-prefixed path (such '
            'as "acme.io/foo")'
        ],
    ),
    "no schedule": ("CronJob", {"spec.schedule": ""}, ["spec.schedule: Required value"]),
    "a schedule with too few fields": (
        "CronJob",
        {"spec.schedule": "* * *"},
        ['spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]'],
    ),
    "a schedule with a wrong minute": (
        "CronJob",
        {"spec.schedule": "61 * * * *"},
        ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
    ),
    "a schedule that names its zone": (
        "CronJob",
        {"spec.schedule": "TZ=UTC 0 * * * *"},
        [
            'spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in '
            "schedule, use timeZone field instead"
        ],
    ),
    "a zone nobody knows": (
        "CronJob",
        {"spec.timeZone": "Mars/Olympus"},
        ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
    ),
    "a zone with a space": (
        "CronJob",
        {"spec.timeZone": " UTC"},
        ['spec.timeZone: Invalid value: " UTC": unknown time zone  UTC'],
    ),
    "no zone": (
        "CronJob",
        {"spec.timeZone": ""},
        ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
    ),
    "a policy nobody knows": (
        "CronJob",
        {"spec.concurrencyPolicy": "Maybe"},
        [
            'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: '
            '"Allow", "Forbid", "Replace"'
        ],
    ),
    "a history below zero": (
        "CronJob",
        {"spec.successfulJobsHistoryLimit": -1},
        ["spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "pods that never end": (
        "CronJob",
        {"spec.jobTemplate.spec.template.spec.restartPolicy": "Always"},
        [
            "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid "
            'values: "OnFailure", "Never"'
        ],
    ),
    "a selector in a template": (
        "CronJob",
        {"spec.jobTemplate.spec.manualSelector": True},
        [
            "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported "
            'values: "nil", "false"'
        ],
    ),
    "a name that leaves no room for a job's": (
        "CronJob",
        {"metadata.name": "a" * 53},
        [
            "metadata.name: Invalid value: "
            '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than '
            "52 characters"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_new_object(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems(name, changes), expected)


CHANGES: dict[str, ChangeCase] = {
    "a job may be suspended": ("Job", {}, {"spec.suspend": True}, []),
    "a job keeps its completions": (
        "Job",
        {},
        {"spec.completions": 2},
        ["spec.completions: Invalid value: 2: field is immutable"],
    ),
    "an indexed job scales with its parallelism": (
        "Job",
        {"spec.completionMode": "Indexed", "spec.completions": 2, "spec.parallelism": 2},
        {"spec.completions": 3, "spec.parallelism": 3},
        [],
    ),
    "a job keeps its template": (
        "Job",
        {},
        {"spec.template.spec.containers[0].image": "other"},
        [
            "spec.template: Invalid value: "
            '{"labels":{"batch.kubernetes.io/controller-uid":"u-1","batch.kubernetes.io/job'
            '-name":"report","controller-uid":"u-1","job-name":"report"},"Spec":{"Volumes":'
            'null,"InitContainers":null,"Containers":[{"Name":"report","Image":"other","Com'
            'mand":null,"Args":null,"WorkingDir":"","Ports":null,"EnvFrom":null,"Env":null,'
            '"Resources":{"Limits":null,"Requests":null,"Claims":null},"ResizePolicy":null,'
            '"RestartPolicy":null,"RestartPolicyRules":null,"VolumeMounts":null,"VolumeDevi'
            'ces":null,"LivenessProbe":null,"ReadinessProbe":null,"StartupProbe":null,"Life'
            'cycle":null,"TerminationMessagePath":"/dev/termination-log","TerminationMessag'
            'ePolicy":"File","ImagePullPolicy":"Always","SecurityContext":null,"Stdin":fals'
            'e,"StdinOnce":false,"TTY":false}],"EphemeralContainers":null,"RestartPolicy":"'
            'Never","TerminationGracePeriodSeconds":30,"ActiveDeadlineSeconds":null,"DNSPol'
            'icy":"ClusterFirst","NodeSelector":null,"ServiceAccountName":"","DeprecatedSer'
            'viceAccount":"","AutomountServiceAccountToken":null,"NodeName":"","HostNetwork'
            '":false,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"Security'
            'Context":{"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsG'
            'roup":null,"RunAsNonRoot":null,"SupplementalGroups":null,"SupplementalGroupsPo'
            'licy":null,"FSGroup":null,"Sysctls":null,"FSGroupChangePolicy":null,"SeccompPr'
            'ofile":null,"AppArmorProfile":null,"SELinuxChangePolicy":null},"ImagePullSecre'
            'ts":null,"Hostname":"","Subdomain":"","Affinity":null,"SchedulerName":"default'
            '-scheduler","Tolerations":null,"HostAliases":null,"PriorityClassName":"","Prio'
            'rity":null,"DNSConfig":null,"ReadinessGates":null,"RuntimeClassName":null,"Ena'
            'bleServiceLinks":null,"PreemptionPolicy":null,"Overhead":null,"TopologySpreadC'
            'onstraints":null,"SetHostnameAsFQDN":null,"OS":null,"HostUsers":null,"Scheduli'
            'ngGates":null,"ResourceClaims":null,"Resources":null,"HostnameOverride":null,"'
            'SchedulingGroup":null,"EvictionResponders":null}}: field is immutable'
        ],
    ),
    "a suspended job may be moved": (
        "Job",
        {"spec.suspend": True},
        {"spec.template.spec.nodeSelector": {"a": "b"}},
        [],
    ),
    "a job keeps its mode": (
        "Job",
        {"spec.completions": 1},
        {"spec.completionMode": "Indexed"},
        ['spec.completionMode: Invalid value: "Indexed": field is immutable'],
    ),
    "a schedule may change": ("CronJob", {}, {"spec.schedule": "@daily"}, []),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), CHANGES.values(), ids=CHANGES.keys()
)
def test_a_change(name: str, held: Changes, changes: Changes, expected: list[str]) -> None:
    assert_texts(problems_of_change(name, changes, held), expected)


STATUSES: dict[str, ChangeCase] = {
    "a job that runs": ("Job", {}, {"status": {"active": 1, "startTime": CREATED}}, []),
    "a negative count": (
        "Job",
        {},
        {"status": {"active": -1}},
        ["status.active: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "complete and failed": (
        "Job",
        {},
        {
            "status": {
                "startTime": CREATED,
                "completionTime": CREATED,
                "conditions": [
                    {"type": "Complete", "status": "True"},
                    {"type": "Failed", "status": "True"},
                ],
            }
        },
        [
            "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
            "status.conditions: Invalid value: cannot set Failed=True condition without "
            "the FailureTarget=true condition",
            "status.conditions: Invalid value: cannot set Complete=True condition without "
            "the SuccessCriteriaMet=true condition",
        ],
    ),
    "completed without an end": (
        "Job",
        {},
        {
            "status": {
                "startTime": CREATED,
                "conditions": [
                    {"type": "SuccessCriteriaMet", "status": "True"},
                    {"type": "Complete", "status": "True"},
                ],
            }
        },
        ["status.completionTime: Required value: completionTime is required for Complete jobs"],
    ),
}


@pytest.mark.parametrize(
    ("name", "held", "changes", "expected"), STATUSES.values(), ids=STATUSES.keys()
)
def test_a_change_of_the_status(
    name: str, held: Changes, changes: Changes, expected: list[str]
) -> None:
    assert_texts(problems_of_status(name, changes, held), expected)


WARNED: dict[str, Case] = {
    "a name that is no host name": (
        "CronJob",
        {"metadata.name": "a.b"},
        [
            "metadata.name: this is used in Pod names and hostnames, which can result in "
            "surprising behavior; a DNS label is recommended: [must not contain dots]"
        ],
    ),
    "many pods at a time": (
        "Job",
        {"spec.completionMode": "Indexed", "spec.completions": 200000, "spec.parallelism": 20000},
        [
            "spec: In Indexed Jobs with a number of completions higher than 10^5 and a "
            "parallelism higher than 10^4, Kubernetes might not be able to track "
            "completedIndexes when a big number of indexes fail"
        ],
    ),
}


@pytest.mark.parametrize(("name", "changes", "expected"), WARNED.values(), ids=WARNED.keys())
def test_a_new_object_is_warned_about(name: str, changes: Changes, expected: list[str]) -> None:
    assert_texts(warnings(name, changes), expected)
