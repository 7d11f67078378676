package io.j8s.scheduler.state;

import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A pod, with what the scheduler reads from it worked out once. Immutable.
public final class PodInfo {

    private final Pod pod;
    private final Resources requests;
    private final Resources scored;
    private final List<HostPort> hostPorts;
    private final List<AffinityTerm> requiredAffinity;
    private final List<AffinityTerm> requiredAntiAffinity;
    private final List<Preference> preferences;

    /// A port that the pod takes on its node.
    ///
    /// @param ip the address that it is taken on; `0.0.0.0` for all
    public record HostPort(String ip, String protocol, int port) {
        /// Whether both cannot be taken on one node.
        public boolean conflicts(HostPort other) {
            return port == other.port && protocol.equals(other.protocol) && (ip.equals(other.ip) || ip.equals("0.0.0.0") || other.ip.equals("0.0.0.0"));
        }
    }

    /// A preferred term; anti-affinity has a negative weight.
    public record Preference(AffinityTerm term, int weight) {}

    public PodInfo(Pod pod) {
        this.pod = pod;
        this.requests = PodRequests.of(pod, false);
        this.scored = PodRequests.of(pod, true);
        this.hostPorts = hostPorts(pod);
        Affinity affinity = pod.spec().affinity();
        this.requiredAffinity = terms(pod, affinity.podAffinity().requiredDuringSchedulingIgnoredDuringExecution());
        this.requiredAntiAffinity = terms(pod, affinity.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution());
        this.preferences = preferences(pod, affinity);
    }

    private PodInfo(Pod pod, PodInfo same) {
        this.pod = pod;
        this.requests = same.requests;
        this.scored = same.scored;
        this.hostPorts = same.hostPorts;
        this.requiredAffinity = same.requiredAffinity;
        this.requiredAntiAffinity = same.requiredAntiAffinity;
        this.preferences = same.preferences;
    }

    /// The same for another state of the pod that asks for the same.
    PodInfo with(Pod now) {
        return new PodInfo(now, this);
    }

    public Pod pod() {
        return pod;
    }

    public String namespace() {
        return pod.metadata().namespace();
    }

    public String name() {
        return pod.metadata().name();
    }

    public String uid() {
        return pod.metadata().uid();
    }

    public Map<String, String> labels() {
        return pod.metadata().labels();
    }

    public int priority() {
        return pod.spec().priority();
    }

    public String nodeName() {
        return pod.spec().nodeName();
    }

    /// Whether it is being deleted.
    public boolean ending() {
        return pod.metadata().hasDeletionTimestamp();
    }

    /// When the pod began to run, for choosing victims: its start time, or its creation.
    public Instant since() {
        Instant started = pod.status().startTime();
        Instant created = pod.metadata().creationTimestamp();
        return started != null ? started : created != null ? created : Instant.MAX;
    }

    /// Whether it may stand against other pods by more than the room that it takes on its node.
    public boolean reachesBeyondItsNode() {
        return !requiredAntiAffinity.isEmpty() || !pod.spec().volumes().isEmpty();
    }

    /// What it asks for.
    public Resources requests() {
        return requests;
    }

    /// What it counts for when nodes are scored: containers that ask for nothing count a little.
    public Resources scored() {
        return scored;
    }

    public List<HostPort> hostPorts() {
        return hostPorts;
    }

    public List<AffinityTerm> requiredAffinity() {
        return requiredAffinity;
    }

    public List<AffinityTerm> requiredAntiAffinity() {
        return requiredAntiAffinity;
    }

    public List<Preference> preferences() {
        return preferences;
    }

    private static List<HostPort> hostPorts(Pod pod) {
        List<HostPort> ports = new ArrayList<>(0);
        for (Container container : pod.spec().containers()) {
            addPorts(container, ports);
        }
        for (Container container : pod.spec().initContainers()) {
            if (container.restartPolicy().equals("Always")) {
                addPorts(container, ports);
            }
        }
        return List.copyOf(ports);
    }

    private static void addPorts(Container container, List<HostPort> ports) {
        for (ContainerPort port : container.ports()) {
            if (port.hostPort() > 0) {
                ports.add(new HostPort(port.hostIP().isEmpty() ? "0.0.0.0" : port.hostIP(), port.protocol().isEmpty() ? "TCP" : port.protocol(), port.hostPort()));
            }
        }
    }

    private static List<AffinityTerm> terms(Pod pod, List<PodAffinityTerm> terms) {
        return terms.stream().map(term -> AffinityTerm.of(pod, term)).toList();
    }

    private static List<Preference> preferences(Pod pod, Affinity affinity) {
        List<Preference> all = new ArrayList<>(0);
        affinity.podAffinity().preferredDuringSchedulingIgnoredDuringExecution()
                .forEach(preferred -> all.add(new Preference(AffinityTerm.of(pod, preferred.podAffinityTerm()), preferred.weight())));
        affinity.podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution()
                .forEach(preferred -> all.add(new Preference(AffinityTerm.of(pod, preferred.podAffinityTerm()), -preferred.weight())));
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return namespace() + "/" + name();
    }
}
