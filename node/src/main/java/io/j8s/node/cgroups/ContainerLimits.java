package io.j8s.node.cgroups;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.node.cri.v1.HugepageLimit;
import io.j8s.node.cri.v1.LinuxContainerResources;
import io.j8s.node.status.Qos;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests and limits as the kernel's figures (Kubernetes documentation, "Resource Management for Pods and Containers").
public final class ContainerLimits {
    public static final long CPU_PERIOD_MICROSECONDS = 100_000;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final long LEAST_QUOTA = 1000;
    private static final long GUARANTEED_SCORE = -997;
    private static final long BEST_EFFORT_SCORE = 1000;
    private static final String NODE_CRITICAL = "system-node-critical";
    private static final String HUGEPAGES = "hugepages-";

    private ContainerLimits() {}

    /// @param memoryBytes of the node
    /// @param quotaPeriodMicroseconds over which limits of processor time are enforced; 0: they are not
    public static LinuxContainerResources of(Pod pod, Container container, long memoryBytes, long quotaPeriodMicroseconds) {
        ResourceRequirements resources = container.resources();
        Quantity ownCpuLimit = resources.limits().get("cpu");
        Quantity cpuLimit = limit(pod, container, "cpu");
        Quantity cpuRequest = resources.requests().getOrDefault("cpu", ownCpuLimit == null ? Quantity.ZERO : ownCpuLimit);
        LinuxContainerResources.Builder result = LinuxContainerResources.newBuilder()
                .setCpuShares(shares(cpuRequest.milliValue()))
                .setOomScoreAdj(oomScore(pod, container, memoryBytes));
        if (cpuLimit != null && !cpuLimit.isZero() && quotaPeriodMicroseconds > 0) {
            result.setCpuPeriod(quotaPeriodMicroseconds).setCpuQuota(Math.max(LEAST_QUOTA, cpuLimit.milliValue() * quotaPeriodMicroseconds / 1000));
        }
        Quantity memory = limit(pod, container, "memory");
        if (memory != null && !memory.isZero()) {
            result.setMemoryLimitInBytes(memory.value()).setMemorySwapLimitInBytes(memory.value());
        }
        resources.limits().forEach((name, limit) -> {
            if (name.startsWith(HUGEPAGES)) {
                result.addHugepageLimits(HugepageLimit.newBuilder().setPageSize(pageSize(name)).setLimit(limit.value()));
            }
        });
        return result.build();
    }

    /// The container's own limit, or the pod's where the container has none.
    private static @Nullable Quantity limit(Pod pod, Container container, String resource) {
        Quantity own = container.resources().limits().get(resource);
        return own == null || own.isZero() ? pod.spec().resources().limits().get(resource) : own;
    }

    public static long shares(long milliCpu) {
        return Math.clamp(milliCpu * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
    }

    public static long quota(long milliCpu) {
        return Math.max(LEAST_QUOTA, milliCpu * CPU_PERIOD_MICROSECONDS / 1000);
    }

    /// The more of the node's memory a burstable container asks for, the later it is killed.
    static long oomScore(Pod pod, Container container, long memoryBytes) {
        if (pod.spec().priorityClassName().equals(NODE_CRITICAL)) {
            return GUARANTEED_SCORE;
        }
        return switch (Qos.of(pod)) {
            case GUARANTEED -> GUARANTEED_SCORE;
            case BEST_EFFORT -> BEST_EFFORT_SCORE;
            case BURSTABLE -> {
                long score = 1000 - 1000 * (memory(container) + unclaimed(pod)) / Math.max(1, memoryBytes);
                if (container.restartPolicy().equals("Always") && pod.spec().initContainers().contains(container)) {
                    long least = pod.spec().containers().stream().mapToLong(ContainerLimits::memory).min().orElse(0); // a sidecar outlives those that it serves
                    score = Math.min(score, 1000 - 1000 * (least + unclaimed(pod)) / Math.max(1, memoryBytes));
                }
                yield Math.clamp(score, 3, 999);
            }
        };
    }

    private static long memory(Container container) {
        return container.resources().requests().getOrDefault("memory", container.resources().limits().getOrDefault("memory", Quantity.ZERO)).value();
    }

    /// Each container's part of the memory that the pod asks for beyond what its containers do.
    private static long unclaimed(Pod pod) {
        Quantity whole = pod.spec().resources().requests().get("memory");
        if (whole == null) {
            return 0;
        }
        List<Container> sharing = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream().filter(c -> c.restartPolicy().equals("Always"))).toList();
        return Math.max(0, whole.value() - sharing.stream().mapToLong(ContainerLimits::memory).sum()) / Math.max(1, sharing.size());
    }

    /// `2Mi` is `2MB` in the kernel's names.
    private static String pageSize(String resource) {
        return resource.substring(HUGEPAGES.length()).replace("i", "B");
    }
}
