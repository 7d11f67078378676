package io.j8s.scheduler.why;

import io.j8s.client.Client;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.devices.DeviceExpressions;
import io.j8s.scheduler.why.Explanation.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Says what keeps pods from running. Reads only, as one user; what that user may not read is left out and said so.
public final class Why {

    private static final int SHOWN_PODS = 3;
    private static final Set<String> REFUSALS = Set.of("FailedCreate", "FailedDelete", "FailedUpdate", "ReplicaSetCreateError", "SelectingAll", "BackoffLimitExceeded", "DeadlineExceeded");
    private static final Map<String, ApiResource<? extends Struct>> KINDS = kinds();

    private final Client client;
    private final Timeline timeline;
    private final DeviceExpressions expressions;

    /// @param expressions evaluates the expressions of device selectors
    public Why(Client client, Timeline timeline, DeviceExpressions expressions) {
        this.expressions = expressions;
        this.client = client;
        this.timeline = timeline;
    }

    private static Map<String, ApiResource<? extends Struct>> kinds() {
        Map<String, ApiResource<? extends Struct>> kinds = new LinkedHashMap<>();
        add(kinds, Pod.RESOURCE, "pod", "pods", "po");
        add(kinds, Deployment.RESOURCE, "deployment", "deployments", "deploy");
        add(kinds, StatefulSet.RESOURCE, "statefulset", "statefulsets", "sts");
        add(kinds, DaemonSet.RESOURCE, "daemonset", "daemonsets", "ds");
        add(kinds, ReplicaSet.RESOURCE, "replicaset", "replicasets", "rs");
        add(kinds, Job.RESOURCE, "job", "jobs");
        add(kinds, ReplicationController.RESOURCE, "replicationcontroller", "replicationcontrollers", "rc");
        return kinds;
    }

    private static void add(Map<String, ApiResource<? extends Struct>> kinds, ApiResource<? extends Struct> resource, String... names) {
        for (String name : names) {
            kinds.put(name, resource);
        }
    }

    /// Explains a pod (`NAME`, `pod/NAME`) or what makes pods (`deployment/NAME`, …).
    ///
    /// @return null when there is no such object
    /// @throws IllegalArgumentException when the kind is none that has to do with pods
    public @Nullable Explanation explain(String namespace, String what) {
        int slash = what.indexOf('/');
        String kind = slash < 0 ? "pod" : what.substring(0, slash).toLowerCase(Locale.ROOT);
        String name = what.substring(slash + 1);
        ApiResource<? extends Struct> resource = KINDS.get(kind.contains(".") ? kind.substring(0, kind.indexOf('.')) : kind);
        if (resource == null) {
            throw new IllegalArgumentException("\"" + kind + "\" is no kind that has pods: say one of " + KINDS.values().stream().map(ApiResource::plural).distinct().toList());
        }
        Reading reading = new Reading(client);
        Struct object = client.find(resource, namespace, name);
        if (object == null && slash < 0) {
            for (ApiResource<? extends Struct> other : Set.copyOf(KINDS.values())) {
                object = object == null ? reading.one(other, namespace, name) : object;
            }
        }
        return object == null ? null : object instanceof Pod pod ? withRights(pod(reading, pod), reading) : withRights(workload(reading, object), reading);
    }

    private static Explanation withRights(Explanation explanation, Reading reading) {
        if (reading.forbidden().isEmpty()) {
            return explanation;
        }
        List<Finding> findings = new ArrayList<>(explanation.findings());
        findings.add(new Finding("Rights", "you may not read " + String.join(", ", reading.forbidden()) + ": there may be more to say", ""));
        return new Explanation(explanation.about(), explanation.state(), findings, explanation.parts());
    }

    // ---- a pod

    private Explanation pod(Reading reading, Pod pod) {
        String about = "pod " + pod.metadata().namespace() + "/" + pod.metadata().name();
        OnItsNode onItsNode = new OnItsNode(reading, timeline.now());
        String phase = pod.status().phase();
        if (pod.metadata().hasDeletionTimestamp()) {
            return new Explanation(about, "it is being deleted", onItsNode.ending(pod), List.of());
        }
        if (phase.equals("Succeeded")) {
            return new Explanation(about, "it has done its work and ended", List.of(), List.of());
        }
        if (phase.equals("Failed")) {
            List<Finding> findings = new ArrayList<>();
            if (!pod.status().reason().isEmpty()) {
                findings.add(new Finding(pod.status().reason(), pod.status().message().isEmpty() ? pod.status().reason() : pod.status().message(), ""));
            }
            findings.addAll(onItsNode.findings(pod));
            return new Explanation(about, "it has failed" + (pod.status().reason().isEmpty() ? "" : " (" + pod.status().reason() + ")"), findings, List.of());
        }
        if (pod.spec().nodeName().isEmpty()) {
            return new Explanation(about, "it is pending: it has no node", new Pending(reading, timeline, expressions).findings(pod), List.of());
        }
        List<Finding> findings = onItsNode.findings(pod);
        if (ready(pod)) {
            List<Finding> also = Stream.concat(findings.stream(), onItsNode.budgets(pod).stream()).toList();
            return new Explanation(about, findings.isEmpty() ? "it runs and is ready, on node " + pod.spec().nodeName() : "it is ready, but", also, List.of());
        }
        String state = phase.equals("Running") ? "it runs on node " + pod.spec().nodeName() + ", but is not ready" : "it is on node " + pod.spec().nodeName() + ", but does not run";
        if (findings.isEmpty()) {
            findings = List.of(new Finding("Starting", "nothing stands against it: its node has not started it, or is about to", "look again, or at kubectl describe pod " + pod.metadata().name()));
        }
        return new Explanation(about, state, findings, List.of());
    }

    private static boolean ready(Pod pod) {
        return pod.status().conditions().stream().anyMatch(one -> one.type().equals("Ready") && one.status().equals("True"));
    }

    // ---- what makes pods

    private Explanation workload(Reading reading, Struct object) {
        ObjectMeta meta = Objects.metadata(object);
        String kind = Objects.kind(object);
        String about = kind.toLowerCase(Locale.ROOT) + " " + meta.namespace() + "/" + meta.name();
        List<Finding> findings = new ArrayList<>();
        if (meta.hasDeletionTimestamp()) {
            findings.add(new Finding("Termination", "it is being deleted" + (meta.finalizers().isEmpty() ? "" : ", and kept by its finalizers: " + String.join(", ", meta.finalizers())), ""));
        }
        String state = state(object, findings);
        refusals(reading, meta.namespace(), kind, meta.name(), findings);
        List<Struct> makers = new ArrayList<>(List.of(object));
        if (object instanceof Deployment) {
            reading.all(ReplicaSet.RESOURCE, meta.namespace()).stream().filter(set -> owned(set.metadata(), meta.uid()) && set.spec().replicas() > 0).forEach(set -> {
                makers.add(set);
                refusals(reading, meta.namespace(), "ReplicaSet", set.metadata().name(), findings);
            });
        }
        List<Explanation> parts = new ArrayList<>();
        for (Pod pod : reading.all(Pod.RESOURCE, meta.namespace())) {
            boolean mine = makers.stream().anyMatch(maker -> owned(pod.metadata(), Objects.metadata(maker).uid()));
            if (mine && !ready(pod) && !pod.status().phase().equals("Succeeded") && parts.size() < SHOWN_PODS) {
                parts.add(pod(reading, pod));
            }
        }
        return new Explanation(about, state, findings, parts);
    }

    private static boolean owned(ObjectMeta meta, String uid) {
        return meta.ownerReferences().stream().anyMatch(owner -> owner.controller() && owner.uid().equals(uid));
    }

    private static void refusals(Reading reading, String namespace, String kind, String name, List<Finding> findings) {
        Event refused = reading.event(namespace, kind, name, REFUSALS);
        if (refused == null) {
            return;
        }
        String message = refused.message();
        String suggestion = message.contains("exceeded quota") ? "ask for less, delete other pods, or raise the quota: kubectl -n " + namespace + " get resourcequota"
                : message.contains("violates PodSecurity") ? "mend the pod's securityContext, or the namespace's pod-security label"
                : message.contains("admission webhook") ? "ask whoever runs that webhook"
                : message.contains("ValidatingAdmissionPolicy") ? "mend what the policy objects to: kubectl get validatingadmissionpolicy"
                : message.contains("usage per ") ? "keep within the namespace's limits: kubectl -n " + namespace + " get limitrange"
                : message.contains("no PriorityClass with name") ? "create the priority class, or name another"
                : message.contains("serviceaccount") && message.contains("not found") ? "create the service account"
                : "";
        findings.add(new Finding(message.contains("quota") ? "Quota" : message.contains("admission webhook") || message.contains("AdmissionPolicy") ? "Admission" : "Refused", kind + " " + name + " could not do its work: " + message, suggestion));
    }

    private static String state(Struct object, List<Finding> findings) {
        return switch (object) {
            case Deployment one -> {
                one.status().conditions().stream().filter(condition -> condition.type().equals("Progressing") && condition.status().equals("False"))
                        .forEach(condition -> findings.add(new Finding("Progress", condition.message(), "kubectl rollout undo deployment " + one.metadata().name() + " goes back to the state before")));
                if (one.spec().paused()) {
                    findings.add(new Finding("Paused", "it is paused: changes do not take effect", "kubectl rollout resume deployment " + one.metadata().name()));
                }
                yield counts(one.status().readyReplicas(), one.spec().hasReplicas() ? one.spec().replicas() : 1);
            }
            case StatefulSet one -> counts(one.status().readyReplicas(), one.spec().hasReplicas() ? one.spec().replicas() : 1);
            case ReplicaSet one -> counts(one.status().readyReplicas(), one.spec().hasReplicas() ? one.spec().replicas() : 1);
            case ReplicationController one -> counts(one.status().readyReplicas(), one.spec().hasReplicas() ? one.spec().replicas() : 1);
            case DaemonSet one -> counts(one.status().numberReady(), one.status().desiredNumberScheduled());
            case Job one -> {
                if (one.spec().suspend()) {
                    findings.add(new Finding("Suspended", "it is suspended", "set spec.suspend to false"));
                }
                one.status().conditions().stream().filter(condition -> condition.type().equals("Failed") && condition.status().equals("True"))
                        .forEach(condition -> findings.add(new Finding(condition.reason(), condition.message(), "")));
                yield one.status().succeeded() + " of " + (one.spec().hasCompletions() ? one.spec().completions() : 1) + " completions";
            }
            default -> "it is there";
        };
    }

    private static String counts(int ready, int wanted) {
        return ready + " of " + wanted + (wanted == 1 ? " pod is ready" : " pods are ready");
    }
}
