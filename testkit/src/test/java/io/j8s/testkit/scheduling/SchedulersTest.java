package io.j8s.testkit.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.leader.LeaderElection;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.cluster.server.DeviceSelectors;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import io.j8s.scheduler.config.SchedulerConfiguration;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One cluster with a simulated node and its own scheduler; each test has objects of its own.
@ExtendWith(J8sExtension.class)
class SchedulersTest {
    private final Client client;
    private final Timeline time = Timeline.system();

    SchedulersTest(J8s cluster) {
        this.client = cluster.client();
        if (client.find(DeviceClass.RESOURCE, "", "gpu") == null) {
            String node = client.list(Node.RESOURCE, "").getFirst().metadata().name();
            client.create(DeviceClass.RESOURCE, "", read(DeviceClass.class, DeviceClass.TYPE, "metadata: {name: gpu}\nspec: {extendedResourceName: example.com/gpu, selectors: [{cel: {expression: device.driver == \"gpu.example.com\"}}]}"));
            client.create(ResourceSlice.RESOURCE, "", read(ResourceSlice.class, ResourceSlice.TYPE, "metadata: {name: gpus}\nspec: {driver: gpu.example.com, nodeName: " + node
                    + ", pool: {name: p, generation: 1, resourceSliceCount: 1}, devices: [{name: g0, attributes: {model: {string: a}}}, {name: g1, attributes: {model: {string: b}}}, {name: g2, attributes: {model: {string: b}}}]}"));
        }
    }

    private static <T extends Struct> T read(Class<T> as, Type type, String yaml) {
        return as.cast(Yaml.read(type, yaml));
    }

    private void pod(String name, String spec) {
        client.create(Pod.RESOURCE, "default", read(Pod.class, Pod.TYPE, "metadata: {name: " + name + "}\nspec: {" + spec + "}"));
    }

    @Test
    void a_pod_gets_the_devices_that_its_claim_selects() throws InterruptedException {
        client.create(ResourceClaim.RESOURCE, "default", read(ResourceClaim.class, ResourceClaim.TYPE,
                "metadata: {name: one-a}\nspec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: 'device.attributes[\"gpu.example.com\"].model == \"a\"'}}]}}]}}"));
        pod("first", "resourceClaims: [{name: x, resourceClaimName: one-a}], containers: [{name: c, image: i, resources: {claims: [{name: x}]}}]");
        await("first", pod -> !pod.spec().nodeName().isEmpty());
        ResourceClaim claim = client.get(ResourceClaim.RESOURCE, "default", "one-a");
        assertThat(claim.status().allocation().devices().results()).singleElement().satisfies(result -> assertThat(result.device()).isEqualTo("g0"));
        assertThat(claim.status().reservedFor()).singleElement().satisfies(consumer -> assertThat(consumer.name()).isEqualTo("first"));
        assertThat(claim.metadata().finalizers()).contains("resource.kubernetes.io/delete-protection");
    }

    @Test
    void resources_that_a_device_class_stands_for_come_from_devices() throws InterruptedException {
        pod("extended", "containers: [{name: c, image: i, resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}}}]");
        await("extended", pod -> !pod.spec().nodeName().isEmpty());
        Pod bound = client.get(Pod.RESOURCE, "default", "extended");
        assertThat(bound.status().extendedResourceClaimStatus().requestMappings()).singleElement().satisfies(mapping -> {
            assertThat(mapping.containerName()).isEqualTo("c");
            assertThat(mapping.resourceName()).isEqualTo("example.com/gpu");
            assertThat(mapping.requestName()).isEqualTo("container-0-request-0");
        });
        ResourceClaim claim = client.get(ResourceClaim.RESOURCE, "default", bound.status().extendedResourceClaimStatus().resourceClaimName());
        assertThat(claim.metadata().annotations()).containsEntry("resource.kubernetes.io/extended-resource-claim", "true");
        assertThat(claim.status().allocation().devices().results()).hasSize(1);
        pod("extended-too-much", "containers: [{name: c, image: i, resources: {requests: {example.com/gpu: 4}, limits: {example.com/gpu: 4}}}]");
        await("extended-too-much", pod -> pod.status().conditions().stream().anyMatch(one -> one.message().contains("cannot allocate all claims")));
    }

    @Test
    void each_scheduler_places_the_pods_of_its_name() throws InterruptedException {
        pod("theirs", "schedulerName: second, containers: [{name: c, image: i}]");
        pod("ours", "containers: [{name: c, image: i}]");
        await("ours", pod -> !pod.spec().nodeName().isEmpty());
        assertThat(client.get(Pod.RESOURCE, "default", "theirs").spec().nodeName()).isEmpty();
        try (Scheduler _ = Scheduler.start(client, time, named("second"))) {
            await("theirs", pod -> !pod.spec().nodeName().isEmpty());
        }
    }

    private static SchedulerConfig named(String name) {
        return SchedulerConfig.of(SchedulerConfiguration.parse("apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nprofiles: [{schedulerName: " + name + "}]\n"))
                .withExpressions(new DeviceSelectors());
    }

    @Test
    void of_several_one_works_at_a_time_and_the_next_takes_over() throws InterruptedException {
        List<String> leaders = new CopyOnWriteArrayList<>();
        Gate changed = time.gate();
        Task first = candidate("one", leaders, changed);
        assertThat(changed.await(() -> leaders.contains("one"), Duration.ofSeconds(30))).isTrue();
        try (Task _ = candidate("two", leaders, changed)) {
            pod("by-one", "schedulerName: elected, containers: [{name: c, image: i}]");
            await("by-one", pod -> !pod.spec().nodeName().isEmpty());
            assertThat(leaders).containsExactly("one");
            first.close();
            assertThat(changed.await(() -> leaders.contains("two"), Duration.ofSeconds(30))).isTrue();
            pod("by-two", "schedulerName: elected, containers: [{name: c, image: i}]");
            await("by-two", pod -> !pod.spec().nodeName().isEmpty());
        }
    }

    private Task candidate(String identity, List<String> leaders, Gate changed) {
        LeaderSettings settings = new LeaderSettings("default", "elected", identity, Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofMillis(300), true);
        return time.start("candidate-" + identity, () -> new LeaderElection(client, time, settings).run(() -> {
            leaders.add(identity);
            changed.signal();
            try (Scheduler _ = Scheduler.start(client, time, named("elected"))) {
                time.gate().await(() -> false);
            }
        }));
    }

    private void await(String name, Predicate<Pod> condition) throws InterruptedException {
        Gate gate = time.gate();
        try (Informer<Pod> pods = new Informer<>(client, time, Pod.RESOURCE)) {
            pods.addHandler(new Handler<>() {
                @Override
                public void added(Pod pod) {
                    gate.signal();
                }

                @Override
                public void changed(Pod before, Pod after) {
                    gate.signal();
                }

                @Override
                public void deleted(Pod last) {}
            });
            pods.start();
            assertThat(gate.await(() -> pods.lister().list().stream().anyMatch(pod -> pod.metadata().name().equals(name) && condition.test(pod)), Duration.ofSeconds(60))).as(name).isTrue();
        }
    }
}
