package io.j8s.controllers.devicetainteviction;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.DeviceTaint;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import io.j8s.model.resource.v1.ResourceSlice;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceTaintEvictionControllerTest {
    private final Simulation simulation = new Simulation(2);

    @BeforeEach
    void start() {
        simulation.start(context -> new DeviceTaintEvictionController(context, 4));
        slice("s", 1, List.of());
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void a_pod_whose_device_is_tainted_is_evicted() {
        claimed("p", List.of());
        simulation.settle();
        assertThat(deleting("p")).isFalse();
        taint("s", "NoExecute");
        simulation.settle();
        assertThat(deleting("p")).isTrue();
        assertThat(simulation.api.get(Pod.RESOURCE, "ns", "p").status().conditions()).anyMatch(c -> c.type().equals("DisruptionTarget") && c.reason().equals("DeletionByDeviceTaintManager"));
        assertThat(simulation.reasons("ns")).containsExactly("DeviceTaintManagerEviction");
    }

    @Test
    void other_effects_and_tolerated_taints_evict_nobody() {
        claimed("tolerant", List.of(toleration().withOperator("Exists")));
        taint("s", "NoExecute");
        simulation.advance(Duration.ofHours(1));
        assertThat(deleting("tolerant")).isFalse();
        taint("s", "NoSchedule");
        simulation.settle();
        claimed("intolerant", List.of());
        simulation.advance(Duration.ofHours(1));
        assertThat(deleting("intolerant")).isFalse();
    }

    @Test
    void a_toleration_for_a_time_puts_it_off_and_the_end_of_the_taint_cancels_it() {
        claimed("p", List.of(toleration().withOperator("Exists").withTolerationSeconds(300)));
        taint("s", "NoExecute");
        simulation.advance(Duration.ofSeconds(290));
        assertThat(deleting("p")).isFalse();
        taint("s", "");
        simulation.advance(Duration.ofSeconds(60));
        assertThat(deleting("p")).isFalse();
        assertThat(simulation.reasons("ns")).containsExactly("DeviceTaintManagerEviction");
        taint("s", "NoExecute");
        simulation.advance(Duration.ofSeconds(301));
        assertThat(deleting("p")).isTrue();
    }

    @Test
    void slices_of_an_older_generation_do_not_count() {
        taint("s", "NoExecute");
        slice("newer", 2, List.of());
        claimed("p", List.of());
        simulation.advance(Duration.ofMinutes(1));
        assertThat(deleting("p")).isFalse();
    }

    private boolean deleting(String pod) {
        return simulation.api.get(Pod.RESOURCE, "ns", pod).metadata().deletionTimestamp() != null;
    }

    private static DeviceToleration toleration() {
        return DeviceToleration.EMPTY.withKey("broken").withEffect("NoExecute");
    }

    private void slice(String name, long generation, List<DeviceTaint> taints) {
        simulation.api.create(ResourceSlice.RESOURCE, "", ResourceSlice.EMPTY.withMetadata(named(name))
                .withSpec(s -> s.withDriver("d").withPool(p -> p.withName("pool").withGeneration(generation)).withDevices(List.of(Device.EMPTY.withName("gpu-0").withTaints(taints)))));
    }

    private void taint(String slice, String effect) {
        List<DeviceTaint> taints = effect.isEmpty() ? List.of() : List.of(DeviceTaint.EMPTY.withKey("broken").withEffect(effect).withTimeAdded(simulation.time.now()));
        ResourceSlice found = simulation.api.get(ResourceSlice.RESOURCE, "", slice);
        simulation.api.update(ResourceSlice.RESOURCE, "", found.withSpec(s -> s.withDevices(List.of(Device.EMPTY.withName("gpu-0").withTaints(taints)))));
    }

    private void claimed(String name, List<DeviceToleration> tolerations) {
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name))
                .withSpec(s -> s.withNodeName("n").withResourceClaims(List.of(PodResourceClaim.EMPTY.withName("gpu").withResourceClaimName("c-" + name)))));
        ResourceClaim claim = simulation.api.create(ResourceClaim.RESOURCE, "ns", ResourceClaim.EMPTY.withMetadata(named("c-" + name)));
        DeviceRequestAllocationResult allocated = DeviceRequestAllocationResult.EMPTY.withDriver("d").withPool("pool").withDevice("gpu-0").withTolerations(tolerations);
        simulation.api.updateStatus(ResourceClaim.RESOURCE, "ns", claim.withStatus(s -> s
                .withReservedFor(List.of(ResourceClaimConsumerReference.EMPTY.withResource("pods").withName(name).withUid(pod.metadata().uid())))
                .withAllocation(a -> a.withDevices(d -> d.withResults(List.of(allocated))))));
    }
}
