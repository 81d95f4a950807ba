"""Findings as a whole: places, severities, limits, odd texts, and how long it takes."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.simulation.limits import Limits
from playground.lab_sessions.examples import EXAMPLES
from playground.lab_sessions.manifests.documents import Problem
from playground.reviews.findings import Severity, catalogue, findings_of
from playground.reviews.findings.judge import FINDINGS_PER_RULE_MAX

_PRIVILEGED = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: settings
- apiVersion: v1
  kind: Pod
  metadata: {name: web}
  spec:
    containers:
    - {name: web, securityContext: {privileged: true}}
"""
_CAREFUL = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector:
          matchLabels:
            app.kubernetes.io/name: web
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: DATABASE_PASSWORD
          valueFrom:
            secretKeyRef:
              name: database
              key: password
        readinessProbe:
          httpGet:
            path: /ready
            port: http
        livenessProbe:
          httpGet:
            path: /alive
            port: http
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop: [ALL]
        volumeMounts:
        - name: scratch
          mountPath: /tmp
      volumes:
      - name: scratch
        emptyDir:
          sizeLimit: 64Mi
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
  - name: http
    port: 80
    targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
  namespace: shop
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: web
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
  namespace: shop
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
"""
_DOCUMENTS = 200
_FAST_SECONDS = 0.2


def test_a_finding_stands_at_its_key_within_a_list() -> None:
    found = next(one for one in findings_of(_PRIVILEGED) if one.rule == "privileged-container")
    assert (found.document, found.line, found.column) == (1, 13, 37)
    assert found.path == "spec.containers[0].securityContext.privileged"
    assert found.severity is Severity.ERROR
    assert found.message.startswith("container web is privileged")
    assert found.body()["rule"] == "privileged-container"


def test_findings_go_down_the_text_the_worst_first_on_a_line() -> None:
    found = findings_of(_PRIVILEGED)
    assert [one.order for one in found] == sorted(one.order for one in found)


def test_a_rule_that_is_off_is_silent_and_another_speaks_louder() -> None:
    severities = {"privileged-container": Severity.OFF, "bare-pod": Severity.ERROR}
    found = findings_of(_PRIVILEGED, rules=catalogue().with_severities(severities))
    said = {one.rule: one.severity for one in found}
    assert "privileged-container" not in said
    assert said["bare-pod"] is Severity.ERROR


def test_severities_of_rules_that_do_not_exist_change_nothing() -> None:
    other = catalogue().with_severities({"no-such-rule": Severity.ERROR})
    assert other.rules == catalogue().rules


def test_what_the_cluster_minds_is_said_once() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  contaners: []\n"
    answers = [
        Problem(6, 3, 'unknown field "spec.contaners"'),
        Problem(5, 1, "spec.containers: Required value"),
        Problem(4, 3, "it is in use", "warning"),
    ]
    found = [one for one in findings_of(text, answers=answers) if one.category == "schema"]
    assert [(one.rule, one.line) for one in found] == [
        ("cluster-warning", 4),
        ("refused", 5),
        ("unknown-field", 6),
    ]


def test_a_secret_is_never_repeated() -> None:
    text = """\
apiVersion: v1
kind: Pod
metadata: {name: web, annotations: {url: "redis://me:opensesame@db"}}
spec:
  containers:
  - name: web
    args: [--password=opensesame, --token, opensesame]
    env: [{name: PASSWORD, value: opensesame}]
"""
    found = findings_of(text)
    assert len([one for one in found if one.category == "secrets"]) == 4
    assert all("opensesame" not in str(one.body()) for one in found)


def test_one_rule_does_not_fill_the_page() -> None:
    containers = "\n".join(f"  - name: web-{index}" for index in range(300))
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n{containers}"
    said = [one for one in findings_of(text) if one.rule == "missing-requests"]
    assert len(said) == FINDINGS_PER_RULE_MAX


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_examples_hold_nothing_that_is_wrong(example: Any) -> None:
    found = findings_of(example.text)
    assert [one for one in found if one.severity is Severity.ERROR] == []
    assert {one.category for one in found} <= {"security", "reliability", "hygiene", "secrets"}


def _lesson_manifests() -> dict[str, str]:
    """Every manifest that a lesson shows, by lesson and file."""
    found = {}
    for path in sorted(Path(settings.ROOT, "lessons").glob("*/lesson.md")):
        for name, text in re.findall(r"```yaml file=(\S+)\n(.*?)```", path.read_text(), re.DOTALL):
            found[f"{path.parent.name} {name}"] = text
    return found


LESSONS = _lesson_manifests()


@pytest.mark.parametrize("name", LESSONS, ids=str)
def test_lessons_hold_nothing_that_is_wrong(name: str) -> None:
    assert [one for one in findings_of(LESSONS[name]) if one.severity is Severity.ERROR] == []


def test_there_is_nothing_to_say_about_a_careful_manifest() -> None:
    assert [f"{one.line}: {one.message}" for one in findings_of(_CAREFUL)] == []


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "*", "web", "100%"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "metadata spec template containers env name value labels selector matchLabels "
                "matchExpressions key operator values securityContext capabilities add ports "
                "containerPort volumes hostPath path rules verbs resources subjects roleRef "
                "affinity nodeAffinity metrics resource target webhooks data livenessProbe".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=40,
)
_KINDS = st.sampled_from(
    [
        ("v1", "Pod"),
        ("v1", "Service"),
        ("apps/v1", "Deployment"),
        ("policy/v1", "PodDisruptionBudget"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("rbac.authorization.k8s.io/v1", "Role"),
        ("networking.k8s.io/v1", "Ingress"),
    ]
)


@given(st.lists(st.tuples(_KINDS, _JUNK, _JUNK), min_size=1, max_size=4))
def test_odd_shapes_are_no_trouble(parts: list[tuple[tuple[str, str], Any, Any]]) -> None:
    objects = [
        {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": "a"},
            "spec": spec,
            "rules": rest,
        }
        for (version, kind), spec, rest in parts
    ]
    text = "\n---\n".join(json.dumps(one) for one in objects)
    assert all(one.line >= 1 for one in findings_of(text))


def _many() -> str:
    texts = [part for example in EXAMPLES for part in example.text.split("\n---\n")]
    return "\n---\n".join((texts * _DOCUMENTS)[:_DOCUMENTS])


def test_two_hundred_documents_are_judged_in_a_blink() -> None:
    text, limits = _many(), replace(Limits(), yaml_documents_max=_DOCUMENTS)
    assert min(_seconds(text, limits) for _ in range(3)) < _FAST_SECONDS


@pytest.mark.parametrize(
    "value",
    ["eyJ-" * 100_000, "a" * 400_000 + "://", "://a:" * 80_000, "$(" * 100_000, "-" * 300_000],
    ids=["tokens", "an address", "passwords", "references", "flags"],
)
def test_no_text_makes_a_pattern_slow(value: str) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
    text += f'  - name: web\n    args: ["{value}"]\n    env: [{{name: TOKEN, value: "{value}"}}]\n'
    assert _seconds(text, Limits()) < 2


def _seconds(text: str, limits: Limits) -> float:
    start = time.process_time()
    findings_of(text, limits=limits)
    return time.process_time() - start
