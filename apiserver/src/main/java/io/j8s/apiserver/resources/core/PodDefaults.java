package io.j8s.apiserver.resources.core;

import io.j8s.model.Quantity;
import io.j8s.model.Recent;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.PodSecurityContext;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What pods, and templates of pods, get when nothing is said. A template gets less: requests from limits, host ports and service links are worked out for each pod.
public final class PodDefaults {

    private static final long GRACE_SECONDS = 30;

    private PodDefaults() {}

    /// @param known what the defaults made of specifications that came lately
    static Pod pod(Pod sent, Recent<PodSpec, PodSpec> known) {
        PodSpec spec = known.of(sent.spec());
        if (spec == null) {
            spec = known.add(sent.spec(), ofPod(sent.spec()));
        }
        return sent.hasStatus() ? sent.withSpec(spec).withStatus(PodDefaults::withAddresses) : sent.withSpec(spec);
    }

    private static PodSpec ofPod(PodSpec sent) {
        PodSpec spec = spec(sent);
        spec = spec.terminationGracePeriodSeconds() < 0 ? spec.withTerminationGracePeriodSeconds(1) : spec; // whoever writes it, and whenever
        spec = withContainers(spec, PodDefaults::requestsFromLimits);
        spec = spec.hasResources() ? podRequests(spec) : spec;
        spec = spec.hasEnableServiceLinks() ? spec : spec.withEnableServiceLinks(true);
        if (spec.hostNetwork()) {
            spec = withContainers(spec, PodDefaults::hostPorts);
        }
        return spec;
    }

    /// `podIP` and `podIPs` say the same; where they differ, the single one counts.
    private static PodStatus withAddresses(PodStatus sent) {
        PodStatus status = sent;
        if (status.podIP().isEmpty() && !status.podIPs().isEmpty()) {
            status = status.withPodIP(status.podIPs().getFirst().ip());
        } else if (!status.podIP().isEmpty() && (status.podIPs().isEmpty() || !status.podIPs().getFirst().ip().equals(status.podIP()))) {
            status = status.withPodIPs(List.of(PodIP.EMPTY.withIp(status.podIP())));
        }
        return status;
    }

    public static PodTemplateSpec template(PodTemplateSpec sent) {
        PodSpec spec = spec(sent.spec());
        return sent.withSpec(spec);
    }

    private static PodSpec spec(PodSpec sent) {
        PodSpec spec = sent;
        spec = spec.dnsPolicy().isEmpty() ? spec.withDnsPolicy("ClusterFirst") : spec;
        spec = spec.restartPolicy().isEmpty() ? spec.withRestartPolicy("Always") : spec;
        spec = spec.hasSecurityContext() ? spec : spec.withSecurityContext(PodSecurityContext.EMPTY);
        spec = spec.hasTerminationGracePeriodSeconds() ? spec : spec.withTerminationGracePeriodSeconds(GRACE_SECONDS);
        spec = spec.schedulerName().isEmpty() ? spec.withSchedulerName("default-scheduler") : spec;
        spec = serviceAccount(spec);
        List<Volume> volumes = Elements.map(spec.volumes(), VolumeDefaults::volume);
        spec = volumes == spec.volumes() ? spec : spec.withVolumes(volumes);
        spec = withContainers(spec, ContainerDefaults::container);
        List<EphemeralContainer> ephemeral = Elements.map(spec.ephemeralContainers(), ContainerDefaults::ephemeral);
        spec = ephemeral == spec.ephemeralContainers() ? spec : spec.withEphemeralContainers(ephemeral);
        spec = spec.hasOverhead() ? spec.withOverhead(ResourceAmounts.rounded(spec.overhead())) : spec;
        return spec.hasResources() ? spec.withResources(ResourceAmounts.rounded(spec.resources())) : spec;
    }

    /// `serviceAccount` is an older name of `serviceAccountName`: both are told.
    private static PodSpec serviceAccount(PodSpec spec) {
        String name = spec.serviceAccountName().isEmpty() ? spec.serviceAccount() : spec.serviceAccountName();
        if (name.equals(spec.serviceAccountName()) && name.equals(spec.serviceAccount())) {
            return spec;
        }
        return spec.withServiceAccountName(name).withServiceAccount(name);
    }

    private static PodSpec withContainers(PodSpec spec, java.util.function.UnaryOperator<Container> change) {
        List<Container> containers = Elements.map(spec.containers(), change);
        PodSpec changed = containers == spec.containers() ? spec : spec.withContainers(containers);
        List<Container> init = Elements.map(spec.initContainers(), change);
        return init == spec.initContainers() ? changed : changed.withInitContainers(init);
    }

    private static Container requestsFromLimits(Container container) {
        if (!container.resources().hasLimits()) {
            return container;
        }
        Map<String, Quantity> requests = ResourceAmounts.filledUp(container.resources().requests(), container.resources().limits());
        if (container.resources().hasRequests() && requests == container.resources().requests()) {
            return container;
        }
        return container.withResources(resources -> resources.withRequests(requests));
    }

    private static Container hostPorts(Container container) {
        List<ContainerPort> ports = Elements.map(container.ports(), port -> port.hostPort() == 0 ? port.withHostPort(port.containerPort()) : port);
        return ports == container.ports() ? container : container.withPorts(ports);
    }

    /// A pod's own requests: those of its containers, else its limits.
    private static PodSpec podRequests(PodSpec spec) {
        if (spec.resources().limits().isEmpty()) {
            return spec;
        }
        Map<String, Quantity> requests = new LinkedHashMap<>(spec.resources().requests());
        PodResources.requests(spec).forEach((name, quantity) -> {
            if (name.equals("cpu") || name.equals("memory")) {
                requests.putIfAbsent(name, quantity);
            }
        });
        spec.resources().limits().forEach((name, quantity) -> {
            if (PodResources.atPodLevel(name)) {
                requests.putIfAbsent(name, quantity);
            }
        });
        return requests.isEmpty() ? spec : spec.withResources(resources -> resources.withRequests(requests));
    }
}
