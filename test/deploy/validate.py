"""Judges files of docker/ by published schemas: a job as JSON on standard input, problems as JSON.

Kubernetes' own kinds by its OpenAPI schemas (kubernetes-validate), those of KEDA and the Prometheus
operator by the schemas of their CRDs (cloudcoil's models), compose.yaml by the Compose
Specification (compose-spec).
"""

import json
import sys

import compose_spec
import kubernetes_validate
from cloudcoil.models.keda import v1alpha1 as keda
from cloudcoil.models.prometheus_operator import v1 as monitoring

KUBERNETES = "1.37"
CUSTOM = {"keda.sh/v1alpha1": keda, "monitoring.coreos.com/v1": monitoring}


def problem_of_manifest(manifest):
    custom = CUSTOM.get(manifest.get("apiVersion"))
    try:
        if custom is None:
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
            return None
        read = getattr(custom, manifest["kind"]).model_validate(manifest)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    # The models pass over what they do not know.
    known = read.model_dump(mode="json", by_alias=True, exclude_unset=True)
    unknown = missing_from(known, manifest)
    return f"unknown: {', '.join(unknown)}" if unknown else None


def missing_from(known, given, path=""):
    if isinstance(given, dict):
        if not isinstance(known, dict):
            return [path]
        return [
            missing
            for key, value in given.items()
            for missing in (
                missing_from(known[key], value, f"{path}.{key}")
                if key in known
                else [f"{path}.{key}"]
            )
        ]
    if isinstance(given, list):
        return [
            missing
            for index, value in enumerate(given)
            for missing in missing_from(known[index], value, f"{path}[{index}]")
        ]
    return []


def problem_of_compose(compose):
    try:
        compose_spec.PyCompose.from_json(json.dumps(compose)).validate()
        return None
    except Exception as error:
        return str(error)


job = json.load(sys.stdin)
json.dump(
    {
        "manifests": [problem_of_manifest(manifest) for manifest in job["manifests"]],
        "composes": [problem_of_compose(compose) for compose in job["composes"]],
    },
    sys.stdout,
)
