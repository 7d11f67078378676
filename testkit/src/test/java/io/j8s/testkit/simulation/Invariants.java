package io.j8s.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.model.Quantity;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.meta.v1.OwnerReference;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What must hold at every moment, whatever fails.
final class Invariants {
    private final Client client;
    private final long seed;
    private final Supplier<Instant> now;
    private final Map<String, Set<String>> succeeded = new HashMap<>();
    private final Map<String, Integer> lastCount = new HashMap<>();

    Invariants(Client client, long seed, Supplier<Instant> now) {
        this.client = client;
        this.now = now;
        this.seed = seed;
    }

    void check() {
        List<Pod> pods = client.list(Pod.RESOURCE, "");
        oneOwner(pods);
        oneOfEachOrdinal(pods);
        nodesHoldNoMoreThanTheyCan(pods);
        quotaIsKept();
        jobsCountRight(pods);
        assertThat(Families.kept(client)).as("seed %s: what an owner leaves behind, or another one owns too, is there", seed).isTrue();
        assertThat(client.find(ConfigMap.RESOURCE, "default", "keep")).as("seed %s: what nobody asked to delete is there", seed).isNotNull();
        assertThat(client.find(Pod.RESOURCE, "default", "alone")).as("seed %s: a pod without an owner is never created again or replaced, only kept", seed)
                .satisfiesAnyOf(pod -> assertThat(pod).isNotNull(), pod -> assertThat(aloneMayBeGone).isTrue());
    }

    /// The pod without an owner may go with the node that it was on.
    boolean aloneMayBeGone;

    private void oneOwner(List<Pod> pods) {
        for (Pod pod : pods) {
            assertThat(pod.metadata().ownerReferences().stream().filter(OwnerReference::controller).count()).as("seed %s: controllers of %s", seed, pod.metadata().name()).isLessThanOrEqualTo(1);
        }
    }

    /// Names are the API server's to keep apart; what the StatefulSet's controller must see to is that no two pods claim one ordinal's identity.
    private void oneOfEachOrdinal(List<Pod> pods) {
        Set<String> seen = new HashSet<>();
        for (Pod pod : pods) {
            String ordinal = pod.metadata().labels().get("apps.kubernetes.io/pod-index");
            if (ordinal != null && pod.metadata().labels().containsKey("statefulset.kubernetes.io/pod-name")) {
                assertThat(seen.add(pod.metadata().namespace() + "/" + pod.metadata().labels().get("app") + "/" + ordinal)).as("seed %s: two pods of one ordinal: %s", seed, pod.metadata().name()).isTrue();
            }
        }
    }

    /// No pod counts twice, none too many, and what has been counted stays so.
    private void jobsCountRight(List<Pod> pods) {
        for (Pod pod : pods) {
            String job = pod.metadata().labels().get("batch.kubernetes.io/job-name");
            if (job != null && pod.status().phase().equals("Succeeded")) {
                succeeded.computeIfAbsent(job, j -> new HashSet<>()).add(pod.metadata().uid());
            }
        }
        for (Job job : client.list(Job.RESOURCE, "default")) {
            String name = job.metadata().name();
            int counted = job.status().succeeded();
            assertThat(counted).as("seed %s: succeeded pods of %s", seed, name).isBetween(lastCount.getOrDefault(name, 0), Math.min(job.spec().completions(), succeeded.getOrDefault(name, Set.of()).size()));
            lastCount.put(name, counted);
        }
    }

    private void nodesHoldNoMoreThanTheyCan(List<Pod> pods) {
        Map<String, BigDecimal> used = new HashMap<>();
        for (Pod pod : pods) {
            boolean ended = pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
            if (!pod.spec().nodeName().isEmpty() && !ended) {
                pod.spec().containers().forEach(c -> {
                    Quantity cpu = c.resources().requests().get("cpu");
                    used.merge(pod.spec().nodeName(), cpu == null ? BigDecimal.ZERO : cpu.amount(), BigDecimal::add);
                });
            }
        }
        for (Node node : client.list(Node.RESOURCE, "")) {
            Quantity cpu = node.status().allocatable().get("cpu");
            if (cpu != null) {
                assertThat(used.getOrDefault(node.metadata().name(), BigDecimal.ZERO)).as("seed %s: cpu on %s", seed, node.metadata().name()).isLessThanOrEqualTo(cpu.amount());
            }
        }
    }

    /// Pods that have ended do not count, nor those that should have ended long ago: their node does not answer.
    private boolean counts(Pod pod) {
        Instant deleted = pod.metadata().deletionTimestamp();
        boolean overdue = deleted != null && now.get().isAfter(deleted.plusSeconds(pod.metadata().deletionGracePeriodSeconds()));
        return !overdue && !pod.status().phase().equals("Succeeded") && !pod.status().phase().equals("Failed");
    }

    private void quotaIsKept() {
        for (ResourceQuota quota : client.list(ResourceQuota.RESOURCE, "")) {
            long pods = client.list(Pod.RESOURCE, quota.metadata().namespace()).stream().filter(this::counts).count();
            assertThat(BigDecimal.valueOf(pods)).as("seed %s: pods in %s", seed, quota.metadata().namespace()).isLessThanOrEqualTo(quota.spec().hard().getOrDefault("pods", Quantity.ZERO).amount());
        }
    }
}
