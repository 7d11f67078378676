package io.j8s.scheduler.state;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a pod asks for in all: the greater of its containers together and of each of its init containers at its turn, sidecars counting with all that start after
/// them (KEP-753), with what pod-level resources say (KEP-2837), and its overhead (KEP-688).
final class PodRequests {

    private PodRequests() {}

    /// @param assume whether containers that ask for no cpu or memory count as asking for a little
    static Resources of(Pod pod, boolean assume) {
        Resources running = new Resources();
        for (Container container : pod.spec().containers()) {
            running.add(container(pod, container, pod.status().containerStatuses(), assume), 1);
        }
        Resources sidecars = new Resources();
        Resources starting = new Resources();
        for (Container container : pod.spec().initContainers()) {
            Resources asked = container(pod, container, pod.status().initContainerStatuses(), assume);
            boolean sidecar = container.restartPolicy().equals("Always");
            if (sidecar) {
                running.add(asked, 1);
                sidecars.add(asked, 1);
                starting.raiseTo(sidecars);
            } else {
                asked.add(sidecars, 1);
                starting.raiseTo(asked);
            }
        }
        running.raiseTo(starting);
        podLevel(pod, running);
        pod.spec().overhead().forEach((name, amount) -> running.add(name, Resources.amount(name, amount)));
        running.pods = 1;
        return running;
    }

    private static void podLevel(Pod pod, Resources running) {
        pod.spec().resources().requests().forEach((name, amount) -> running.add(name, Resources.amount(name, amount) - running.get(name)));
    }

    private static Resources container(Pod pod, Container container, List<ContainerStatus> statuses, boolean assume) {
        Map<String, Quantity> asked = new HashMap<>(container.resources().requests());
        for (ContainerStatus status : statuses) {
            if (status.name().equals(container.name())) {
                allocated(status, asked);
            }
        }
        Resources resources = Resources.of(asked);
        if (assume && !pod.spec().resources().hasRequests()) {
            resources.milliCpu = asked.containsKey("cpu") ? resources.milliCpu : Resources.ASSUMED_MILLI_CPU;
            resources.memory = asked.containsKey("memory") ? resources.memory : Resources.ASSUMED_MEMORY;
        }
        return resources;
    }

    /// While a resize is under way, the node holds the greater of what is asked for and what is still allocated (KEP-1287).
    private static void allocated(ContainerStatus status, Map<String, Quantity> asked) {
        status.allocatedResources().forEach((name, amount) -> {
            Quantity now = asked.get(name);
            if (now == null || amount.compareTo(now) > 0) {
                asked.put(name, amount);
            }
        });
    }
}
