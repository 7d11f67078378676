package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.NodeAffinity;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PreferredSchedulingTerm;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.WeightedPodAffinityTerm;
import io.j8s.model.meta.v1.ObjectMeta;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client should know of a pod that is accepted all the same.
final class PodWarnings {

    private static final Map<String, String> GONE_VOLUMES = Map.of(
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "flocker", "deprecated in v1.22, non-functional in v1.25+",
            "storageos", "deprecated in v1.22, non-functional in v1.25+",
            "quobyte", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private final PodSpec spec;
    private final FieldPath path;
    private final List<String> warnings = new ArrayList<>(0);

    /// Upstream counts in thousandths, in 64 bits: an amount of few digits that does not fit counts for nothing; of a longer one, the lowest 64 bits are looked at, and
    /// so it is, oddly, no whole number.
    private static final int MOST_DIGITS_COUNTED = 18;

    private static final Map<String, String> DEAD_ANNOTATIONS = Map.of(
            "scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead",
            "security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead",
            "security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead");

    private PodWarnings(PodSpec spec, FieldPath path) {
        this.spec = spec;
        this.path = path;
    }

    /// @param unsuspicious specifications of which nothing is to be said
    static List<String> of(Pod pod, @Nullable Pod old, FaultlessSpecs unsuspicious) {
        if (old != null) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>(0);
        if (!Names.dnsLabel(pod.metadata().name()).isEmpty()) {
            warnings.add("metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: "
                    + Names.dnsLabel(pod.metadata().name()));
        }
        boolean ofSpecOnly = !hasAlphaAnnotations(pod.metadata());
        if (!ofSpecOnly || !unsuspicious.holds(pod.spec())) {
            List<String> found = spec(pod.spec(), pod.metadata(), null);
            if (ofSpecOnly && found.isEmpty()) {
                unsuspicious.add(pod.spec());
            }
            warnings.addAll(found);
        }
        return warnings;
    }

    /// Whether there are annotations of the kind that is warned of.
    private static boolean hasAlphaAnnotations(ObjectMeta meta) {
        for (String name : meta.annotations().keySet()) {
            if (name.contains("alpha.kubernetes.io/")) {
                return true;
            }
        }
        return false;
    }

    /// @param template its path, null for a pod itself
    static List<String> spec(PodSpec spec, ObjectMeta meta, @Nullable FieldPath template) {
        PodWarnings pod = new PodWarnings(spec, template == null ? FieldPath.of("spec") : template.child("spec"));
        FieldPath annotations = template == null ? FieldPath.of("metadata").child("annotations") : template.child("metadata").child("annotations");
        pod.nodes();
        pod.spreading();
        DEAD_ANNOTATIONS.forEach((annotation, text) -> {
            if (meta.annotations().containsKey(annotation)) {
                pod.warn(annotations.key(annotation), text);
            }
        });
        pod.volumes();
        VolumePathWarnings.add(spec.volumes(), pod.warnings);
        pod.repeated();
        pod.bytes(spec.overhead(), pod.path.child("overhead"));
        pod.profiles(meta, annotations, template != null);
        pod.amounts();
        pod.variables();
        pod.ports();
        if (spec.terminationGracePeriodSeconds() < 0) {
            pod.warn(pod.path.child("terminationGracePeriodSeconds"), "must be >= 0; negative values are invalid and will be treated as 1");
        }
        pod.affinity();
        pod.addresses();
        return pod.warnings;
    }

    private void warn(FieldPath where, String what) {
        warnings.add(where + ": " + what);
    }

    private interface Visitor {
        void visit(Container container, FieldPath path);
    }

    private void each(Visitor visitor) {
        for (int i = 0; i < spec.initContainers().size(); i++) {
            visitor.visit(spec.initContainers().get(i), path.child("initContainers").index(i));
        }
        for (int i = 0; i < spec.containers().size(); i++) {
            visitor.visit(spec.containers().get(i), path.child("containers").index(i));
        }
    }

    /// Labels of nodes that have other names today.
    private void nodes() {
        spec.nodeSelector().keySet().forEach(key -> {
            String text = NodeLabelWarnings.of(key);
            if (text != null) {
                warn(path.child("nodeSelector").key(key), text);
            }
        });
        FieldPath affinity = path.child("affinity").child("nodeAffinity");
        NodeAffinity nodes = spec.affinity().nodeAffinity();
        List<NodeSelectorTerm> required = nodes.requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms();
        for (int i = 0; i < required.size(); i++) {
            NodeLabelWarnings.term(required.get(i), false, affinity.child("requiredDuringSchedulingIgnoredDuringExecution").child("nodeSelectorTerms").index(i), warnings);
        }
        List<PreferredSchedulingTerm> preferred = nodes.preferredDuringSchedulingIgnoredDuringExecution();
        for (int i = 0; i < preferred.size(); i++) {
            NodeLabelWarnings.term(
                    preferred.get(i).preference(), true, affinity.child("preferredDuringSchedulingIgnoredDuringExecution").index(i).child("preference"), warnings);
        }
    }

    private void spreading() {
        for (int i = 0; i < spec.topologySpreadConstraints().size(); i++) {
            String key = spec.topologySpreadConstraints().get(i).topologyKey();
            String text = NodeLabelWarnings.of(key);
            if (text != null) {
                warn(path.child("topologySpreadConstraints").index(i).child("topologyKey"), key + " is " + text);
            }
            if (!spec.topologySpreadConstraints().get(i).hasLabelSelector()) {
                warn(path.child("topologySpreadConstraints").index(i).child("labelSelector"), "a null labelSelector results in matching no pod");
            }
        }
    }

    private void volumes() {
        for (int i = 0; i < spec.volumes().size(); i++) {
            Volume volume = spec.volumes().get(i);
            FieldPath here = path.child("volumes").index(i);
            volume.forEach((field, value) -> {
                String gone = GONE_VOLUMES.get(field.name());
                if (gone != null) {
                    warn(here.child(field.name()), gone);
                }
            });
            Quantity storage = volume.ephemeral().volumeClaimTemplate().spec().resources().requests().get("storage");
            if (isFractional(storage)) {
                warn(here.child("ephemeral").child("volumeClaimTemplate").child("spec").child("resources").child("requests").key("storage"), fractional(storage));
            }
        }
    }

    private static boolean isFractional(@Nullable Quantity amount) {
        if (amount == null) {
            return false;
        }
        BigInteger thousandths = amount.amount().movePointRight(3).setScale(0, RoundingMode.CEILING).toBigInteger();
        if (thousandths.bitLength() < Long.SIZE) {
            return thousandths.longValue() % 1000 != 0;
        }
        boolean counted = amount.amount().stripTrailingZeros().precision() <= MOST_DIGITS_COUNTED;
        return !counted && thousandths.longValue() % 1000 != 0;
    }

    private static String fractional(@Nullable Quantity amount) {
        return "fractional byte value \"" + amount + "\" is invalid, must be an integer";
    }

    private void repeated() {
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < spec.hostAliases().size(); i++) {
            if (!addresses.add(spec.hostAliases().get(i).ip())) {
                warn(path.child("hostAliases").index(i).child("ip"), "duplicate ip \"" + spec.hostAliases().get(i).ip() + "\"");
            }
        }
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < spec.imagePullSecrets().size(); i++) {
            if (spec.imagePullSecrets().get(i).name().isEmpty()) {
                warn(path.child("imagePullSecrets").index(i).child("name"), "invalid empty name \"\"");
            }
            if (!secrets.add(spec.imagePullSecrets().get(i).name())) {
                warn(path.child("imagePullSecrets").index(i).child("name"), "duplicate name \"" + spec.imagePullSecrets().get(i).name() + "\"");
            }
        }
    }

    /// Annotations that profiles were once named by.
    private void profiles(ObjectMeta meta, FieldPath annotations, boolean template) {
        String seccomp = "seccomp.security.alpha.kubernetes.io/pod";
        if (!spec.securityContext().hasSeccompProfile() && meta.annotations().containsKey(seccomp)) {
            warn(annotations.key(seccomp), "non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }
        each((container, here) -> {
            String own = "container.seccomp.security.alpha.kubernetes.io/" + container.name();
            if (!container.securityContext().hasSeccompProfile() && meta.annotations().containsKey(own)) {
                warn(annotations.key(own), "non-functional in v1.27+; use the \"seccompProfile\" field instead");
            }
            String appArmor = AppArmorAnnotations.PREFIX + container.name();
            String profile = meta.annotations().get(appArmor);
            if (template && profile != null && !container.securityContext().hasAppArmorProfile()
                    && (!spec.securityContext().hasAppArmorProfile() || !spec.securityContext().appArmorProfile().equals(AppArmorAnnotations.profile(profile)))) {
                warn(annotations.key(appArmor), AppArmorAnnotations.DEPRECATED);
            }
        });
    }

    private void affinity() {
        terms(spec.affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution(),
                spec.affinity().podAffinity().preferredDuringSchedulingIgnoredDuringExecution(), path.child("affinity").child("podAffinity"));
        terms(spec.affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution(),
                spec.affinity().podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution(), path.child("affinity").child("podAntiAffinity"));
    }

    private void terms(List<PodAffinityTerm> required, List<WeightedPodAffinityTerm> preferred, FieldPath where) {
        for (int i = 0; i < required.size(); i++) {
            if (!required.get(i).hasLabelSelector()) {
                warn(where.child("requiredDuringSchedulingIgnoredDuringExecution").index(i).child("labelSelector"), "a null labelSelector results in matching no pod");
            }
        }
        for (int i = 0; i < preferred.size(); i++) {
            if (!preferred.get(i).podAffinityTerm().hasLabelSelector()) {
                warn(where.child("preferredDuringSchedulingIgnoredDuringExecution").index(i).child("podAffinityTerm").child("labelSelector"),
                        "a null labelSelector results in matching no pod");
            }
        }
    }

    private void addresses() {
        for (int i = 0; i < spec.dnsConfig().nameservers().size(); i++) {
            AddressWarnings.address(spec.dnsConfig().nameservers().get(i), path.child("dnsConfig").child("nameservers").index(i), warnings);
        }
        for (int i = 0; i < spec.hostAliases().size(); i++) {
            AddressWarnings.address(spec.hostAliases().get(i).ip(), path.child("hostAliases").index(i).child("ip"), warnings);
        }
    }

    private void amounts() {
        each((container, here) -> {
            bytes(container.resources().limits(), here.child("resources").child("limits"));
            bytes(container.resources().requests(), here.child("resources").child("requests"));
        });
    }

    private void bytes(Map<String, Quantity> amounts, FieldPath where) {
        for (String name : List.of("memory", "ephemeral-storage")) {
            if (isFractional(amounts.get(name))) {
                warn(where.key(name), fractional(amounts.get(name)));
            }
        }
    }

    private void variables() {
        each((container, here) -> {
            Set<String> names = new HashSet<>();
            for (int i = 0; i < container.env().size(); i++) {
                EnvVar variable = container.env().get(i);
                String reference = "$(" + variable.name() + ")";
                boolean extends_ = !variable.hasValueFrom() && variable.value().contains(reference) && !variable.value().equals(reference);
                if (!names.add(variable.name()) && !extends_) {
                    warn(here.child("env").index(i), "hides previous definition of \"" + variable.name() + "\", which may be dropped when using apply");
                }
            }
        });
    }

    private record Known(FieldPath path, ContainerPort port) {}

    private void ports() {
        Map<String, List<Known>> all = new HashMap<>();
        Map<String, FieldPath> names = new HashMap<>();
        each((container, here) -> {
            for (int i = 0; i < container.ports().size(); i++) {
                ContainerPort port = container.ports().get(i);
                FieldPath where = here.child("ports").index(i);
                if (!port.hostIP().isEmpty() && port.hostPort() == 0) {
                    warn(where, "hostIP set without hostPort");
                }
                List<Known> others = all.computeIfAbsent(port.containerPort() + "/" + port.protocol(), key -> new ArrayList<>(1));
                others.forEach(other -> overlapping(port, where, other));
                others.add(new Known(where, port));
            }
        });
        each((container, here) -> {
            for (int i = 0; i < container.ports().size(); i++) {
                String name = container.ports().get(i).name();
                FieldPath where = here.child("ports").index(i);
                FieldPath first = name.isEmpty() ? null : names.putIfAbsent(name, where);
                if (first != null) {
                    warn(where, "duplicate port name \"" + name + "\" with " + first + ", services and probes that select ports by name will use " + first);
                }
            }
        });
    }

    private void overlapping(ContainerPort port, FieldPath where, Known other) {
        boolean sameHost = port.hostIP().equals(other.port().hostIP()) && port.hostPort() == other.port().hostPort();
        if (sameHost) {
            warn(where, "duplicate port definition with " + other.path());
        } else if (port.hostPort() == 0 || other.port().hostPort() == 0) {
            warn(where, "overlapping port definition with " + other.path());
        } else if (port.hostPort() == other.port().hostPort() && port.hostIP().isEmpty() != other.port().hostIP().isEmpty()) {
            warn(where, "dangerously ambiguous port definition with " + other.path());
        }
    }
}
