package io.j8s.node.pods;

import io.j8s.client.Client;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Lister;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.node.v1.RuntimeClass;
import io.j8s.node.cgroups.ContainerLimits;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.cri.v1.LinuxContainerResources;
import io.j8s.node.settings.PodSettings;
import io.j8s.node.containerd.ImageMounts;
import io.j8s.node.cri.Cri;
import io.j8s.node.environment.PodFields;
import io.j8s.node.images.ImagePuller;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.probes.ProbeCounts;
import io.j8s.node.probes.Prober;
import io.j8s.node.metrics.AgentMetrics;
import io.j8s.node.volumes.PodVolumes;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.util.List;

/// What the workers of pods work with.
public record PodServices(
        Client client, Timeline timeline, Cri cri, EventRecorder events, NodeContext node, NodeDirs dirs, PodVolumes volumes, PodCgroups cgroups,
        ImagePuller images, ImageMounts imageMounts, Prober prober, ProbeCounts probes, AgentMetrics metrics, Lister<Service> services) {

    PodFields fields(Pod pod, List<String> podAddresses) {
        return new PodFields(pod, node.nodeName(), node.addresses(), pod.spec().hostNetwork() ? node.addresses() : podAddresses, node.allocatable());
    }

    /// What of the runtime runs the pod, as its RuntimeClass says; empty: the usual one.
    String runtimeHandler(Pod pod) throws IOException {
        String name = pod.spec().runtimeClassName();
        if (name.isEmpty()) {
            return "";
        }
        RuntimeClass found = client.find(RuntimeClass.RESOURCE, "", name);
        if (found == null) {
            throw new IOException("failed to get sandbox runtime: RuntimeClass \"" + name + "\" not found");
        }
        return found.handler();
    }

    /// Records something about one container of a pod.
    void containerEvent(Pod pod, String container, String type, String reason, String message) {
        events.record(about(pod, container), type, reason, message);
    }

    ObjectReference about(Pod pod, String container) {
        boolean init = pod.spec().initContainers().stream().anyMatch(c -> c.name().equals(container));
        boolean ephemeral = pod.spec().ephemeralContainers().stream().anyMatch(c -> c.name().equals(container));
        return EventRecorder.reference(pod).withFieldPath((init ? "spec.initContainers{" : ephemeral ? "spec.ephemeralContainers{" : "spec.containers{") + container + "}");
    }

    /// What a container may use, as the kernel enforces it.
    LinuxContainerResources limits(Pod pod, Container container) {
        PodSettings settings = node.settings();
        return ContainerLimits.of(pod, container, node.memoryBytes(), settings.cpuQuota() ? settings.cpuQuotaPeriod().toNanos() / 1000 : 0);
    }
}
