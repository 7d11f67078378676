package io.j8s.controllers.statefulset;

import io.j8s.client.loop.Ownership;
import io.j8s.controllers.history.Revisions;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Names, numbers and looks of the pods of a set.
final class Members {
    static final String NAME_LABEL = "statefulset.kubernetes.io/pod-name";
    private static final String INDEX_LABEL = "apps.kubernetes.io/pod-index";

    private Members() {}

    static int replicas(StatefulSet set) {
        return set.spec().hasReplicas() ? set.spec().replicas() : 1;
    }

    static int start(StatefulSet set) {
        return set.spec().ordinals().start();
    }

    /// The pod's number; -1 when its name is not that of a member.
    static int ordinal(StatefulSet set, Pod pod) {
        String prefix = set.metadata().name() + "-";
        String name = pod.metadata().name();
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        try {
            return number.isEmpty() || !number.chars().allMatch(Character::isDigit) ? -1 : Integer.parseInt(number);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    static boolean inRange(StatefulSet set, int ordinal) {
        return ordinal >= start(set) && ordinal < start(set) + replicas(set);
    }

    static boolean parallel(StatefulSet set) {
        return set.spec().podManagementPolicy().equals("Parallel");
    }

    static boolean rolling(StatefulSet set) {
        return !set.spec().updateStrategy().type().equals("OnDelete");
    }

    /// Running, ready long enough, and not on its way out.
    static boolean available(StatefulSet set, Pod pod, Instant now) {
        return pod.metadata().deletionTimestamp() == null && pod.status().phase().equals("Running") && Pods.available(pod, set.spec().minReadySeconds(), now);
    }

    static String revision(Pod pod) {
        return pod.metadata().labels().getOrDefault(Revisions.POD_LABEL, "");
    }

    /// A new pod.
    static Pod make(StatefulSet set, PodTemplateSpec template, String revision, int ordinal) {
        Pod pod = PodControl.fromTemplate(template, Ownership.controllerReference(StatefulSet.RESOURCE, set.metadata()));
        String name = set.metadata().name() + "-" + ordinal;
        Pod named = pod.withMetadata(m -> m.withName(name).withGenerateName(set.metadata().name() + "-")).withSpec(s -> s.withHostname(name).withSubdomain(set.spec().serviceName()));
        return withIdentity(set, withStorage(set, named, ordinal), ordinal, revision);
    }

    private static Pod withIdentity(StatefulSet set, Pod pod, int ordinal, String revision) {
        Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
        labels.put(NAME_LABEL, set.metadata().name() + "-" + ordinal);
        labels.put(INDEX_LABEL, Integer.toString(ordinal));
        labels.put(Revisions.POD_LABEL, revision);
        return pod.withMetadata(m -> m.withLabels(labels));
    }

    private static Pod withStorage(StatefulSet set, Pod pod, int ordinal) {
        List<Volume> volumes = new ArrayList<>();
        for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
            String name = template.metadata().name();
            volumes.add(Volume.EMPTY.withName(name).withPersistentVolumeClaim(c -> c.withClaimName(claimName(set, template, ordinal))));
        }
        for (Volume volume : pod.spec().volumes()) {
            if (set.spec().volumeClaimTemplates().stream().noneMatch(t -> t.metadata().name().equals(volume.name()))) {
                volumes.add(volume);
            }
        }
        return volumes.isEmpty() ? pod : pod.withSpec(s -> s.withVolumes(volumes));
    }

    /// The pod with the labels that say who it is, if it has lost them.
    static Pod identified(StatefulSet set, Pod pod) {
        int ordinal = ordinal(set, pod);
        return (set.metadata().name() + "-" + ordinal).equals(pod.metadata().labels().get(NAME_LABEL)) ? pod : withIdentity(set, pod, ordinal, revision(pod));
    }

    static String claimName(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
        return template.metadata().name() + "-" + set.metadata().name() + "-" + ordinal;
    }
}
