"""The template of pods in the kinds that make pods.

Models: ValidatePodTemplateSpec in pkg/apis/core/validation, GetWarningsForPodTemplate in
pkg/api/pod (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, forbidden_field
from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import annotation_names, labels
from cluster_engine.kinds.core.pod.annotations import check_agreement, check_annotations
from cluster_engine.kinds.core.pod.spec import check_pod_spec
from cluster_engine.kinds.core.pod.warnings import warnings_of

_NOTHING: Object = {}


def check_template(problems: list[FieldError], path: str, template: Object) -> None:
    """A template, which may hold anything but ephemeral containers."""
    metadata, spec = template.get("metadata") or _NOTHING, template.get("spec") or _NOTHING
    annotations = metadata.get("annotations")
    if metadata.get("labels"):
        labels(problems, f"{path}.labels", metadata["labels"])
    if annotations:
        annotation_names(problems, f"{path}.annotations", annotations)
        check_annotations(problems, f"{path}.annotations", annotations, spec)
    check_pod_spec(problems, f"{path}.spec", spec)
    if annotations:
        check_agreement(problems, f"{path}.spec", annotations, spec)
    if spec.get("ephemeralContainers"):
        text = "ephemeral containers not allowed in pod template"
        problems.append(forbidden_field(f"{path}.spec.ephemeralContainers", text))


def template_warnings(path: str, template: Object | None) -> list[str]:
    """What to warn about a template at that path, with the dot that ends it."""
    if not template:
        return []
    spec, metadata = template.get("spec") or _NOTHING, template.get("metadata") or _NOTHING
    return warnings_of(path, spec, metadata, is_template=True)


def is_counted(new: Object, old: Object) -> bool:
    """Whether an update counted as a new generation, which is worth new warnings."""
    before, after = old["metadata"].get("generation"), new["metadata"].get("generation")
    return bool(before != after)


def name_warnings(new: Object) -> list[str]:
    """A name that pods cannot take over as their host name."""
    messages = is_dns1123_label(new["metadata"].get("name", ""))
    if not messages:
        return []
    return [
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising "
        f"behavior; a DNS label is recommended: [{' '.join(messages)}]"
    ]
