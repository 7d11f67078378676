"""What the users of the official Python client do with a cluster. Prints "ok NAME" for each that holds; ends with 1 at the first that does not."""
import sys
import threading

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.leaderelection import electionconfig, leaderelection  # noqa: F401  (it must at least load)

config.load_kube_config()
core, apps, batch = client.CoreV1Api(), client.AppsV1Api(), client.BatchV1Api()
NAMESPACE = "python-client"


def pod_template(name):
    return client.V1PodTemplateSpec(
        metadata=client.V1ObjectMeta(labels={"app": name}),
        spec=client.V1PodSpec(containers=[client.V1Container(name=name, image="registry.example/%s:1" % name)]))


def objects():
    made = core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="one", labels={"kind": "object"}), data={"a": "1"}))
    changed = core.patch_namespaced_config_map("one", NAMESPACE, {"data": {"b": "2"}})
    assert changed.data == {"a": "1", "b": "2"} and changed.metadata.uid == made.metadata.uid
    changed.data = {"c": "3"}
    assert core.replace_namespaced_config_map("one", NAMESPACE, changed).data == {"c": "3"}
    try:
        core.replace_namespaced_config_map("one", NAMESPACE, made)
        raise AssertionError("a stale update was taken")
    except ApiException as e:
        assert e.status == 409, e
    assert len(core.list_namespaced_config_map(NAMESPACE, label_selector="kind=object").items) == 1
    core.delete_namespaced_config_map("one", NAMESPACE)
    try:
        core.read_namespaced_config_map("one", NAMESPACE)
        raise AssertionError("still there")
    except ApiException as e:
        assert e.status == 404, e


def watching():
    seen = []
    w = watch.Watch()
    version = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version

    def write():
        core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="watched")))
        core.delete_namespaced_config_map("watched", NAMESPACE)
    threading.Timer(0.2, write).start()
    for event in w.stream(core.list_namespaced_config_map, NAMESPACE, resource_version=version, timeout_seconds=30):
        seen.append((event["type"], event["object"].metadata.name))
        if event["type"] == "DELETED":
            w.stop()
    assert seen == [("ADDED", "watched"), ("DELETED", "watched")], seen


def deployments():
    apps.create_namespaced_deployment(NAMESPACE, client.V1Deployment(
        metadata=client.V1ObjectMeta(name="web"),
        spec=client.V1DeploymentSpec(replicas=2, selector=client.V1LabelSelector(match_labels={"app": "web"}), template=pod_template("web"))))
    for event in watch.Watch().stream(apps.list_namespaced_deployment, NAMESPACE, timeout_seconds=30):
        if event["object"].status.ready_replicas == 2:
            break
    else:
        raise AssertionError("never ready")
    apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 1}})
    assert apps.read_namespaced_deployment_scale("web", NAMESPACE).spec.replicas == 1


def from_files():
    utils.create_from_dict(client.ApiClient(), {
        "apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": NAMESPACE}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}},
            {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job", "namespace": NAMESPACE},
             "spec": {"suspend": True, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "registry.example/c:1"}]}}}}]})
    assert core.read_namespaced_service("web", NAMESPACE).spec.cluster_ip
    assert batch.read_namespaced_job("job", NAMESPACE).spec.suspend


def dynamically():
    maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "dynamic"}, "data": {"a": "1"}}
    maps.server_side_apply(body=body, namespace=NAMESPACE, field_manager="python")
    assert maps.get(name="dynamic", namespace=NAMESPACE).data.a == "1"
    assert any(e["type"] == "ADDED" for e in maps.watch(namespace=NAMESPACE, timeout=1))


def reviews():
    answer = client.AuthorizationV1Api().create_self_subject_access_review(client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(namespace=NAMESPACE, verb="get", resource="pods"))))
    assert answer.status.allowed
    assert client.VersionApi().get_code().minor == "36"


core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))
for check in (objects, watching, deployments, from_files, dynamically, reviews):
    check()
    print("ok", check.__name__)
    sys.stdout.flush()
