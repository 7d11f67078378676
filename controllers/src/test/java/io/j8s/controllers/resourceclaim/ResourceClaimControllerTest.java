package io.j8s.controllers.resourceclaim;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.resource.v1.AllocationResult;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import io.j8s.model.resource.v1.ResourceClaimTemplate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceClaimControllerTest {
    private final Simulation simulation = new Simulation(5);

    @BeforeEach
    void start() {
        simulation.start(context -> new ResourceClaimController(context, 4));
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void a_claim_is_made_from_the_template_and_noted_in_the_pod() {
        simulation.api.create(ResourceClaimTemplate.RESOURCE, "ns", template());
        simulation.api.create(Pod.RESOURCE, "ns", pod("p", byTemplate()));
        simulation.settle();
        ResourceClaim claim = onlyClaim();
        assertThat(claim.metadata().name()).startsWith("p-gpu-");
        assertThat(claim.metadata().labels()).containsEntry("a", "b");
        assertThat(claim.metadata().annotations()).containsEntry("resource.kubernetes.io/pod-claim-name", "gpu");
        assertThat(claim.metadata().ownerReferences()).singleElement().satisfies(o -> {
            assertThat(o.kind()).isEqualTo("Pod");
            assertThat(o.controller()).isTrue();
            assertThat(o.hasBlockOwnerDeletion()).isFalse();
        });
        assertThat(claim.spec().devices().requests()).hasSize(1);
        assertThat(simulation.api.get(Pod.RESOURCE, "ns", "p").status().resourceClaimStatuses()).singleElement().satisfies(s -> {
            assertThat(s.name()).isEqualTo("gpu");
            assertThat(s.resourceClaimName()).isEqualTo(claim.metadata().name());
        });
        simulation.assertQuiet();
    }

    @Test
    void a_missing_template_is_told_and_awaited() {
        simulation.api.create(Pod.RESOURCE, "ns", pod("p", byTemplate()));
        simulation.settle();
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).first().satisfies(e -> {
            assertThat(e.reason()).isEqualTo("FailedResourceClaimCreation");
            assertThat(e.message()).startsWith("PodResourceClaim gpu: resource claim template \"t\"");
        });
        simulation.api.create(ResourceClaimTemplate.RESOURCE, "ns", template());
        simulation.run(() -> simulation.api.peek(ResourceClaim.RESOURCE, "ns").size() == 1);
    }

    @Test
    void a_finished_pod_gives_its_claim_back() {
        simulation.api.create(ResourceClaimTemplate.RESOURCE, "ns", template());
        simulation.api.create(Pod.RESOURCE, "ns", pod("p", byTemplate()));
        simulation.settle();
        allocateFor("p", onlyClaim());
        simulation.settle();
        assertThat(onlyClaim().status().reservedFor()).hasSize(1);
        simulation.setPhase(simulation.api.get(Pod.RESOURCE, "ns", "p"), "Succeeded");
        simulation.settle();
        assertThat(simulation.api.peek(ResourceClaim.RESOURCE, "ns")).isEmpty();
    }

    @Test
    void a_shared_claim_is_deallocated_when_its_last_pod_is_gone() {
        simulation.api.create(ResourceClaim.RESOURCE, "ns", ResourceClaim.EMPTY.withMetadata(named("shared").withFinalizers(List.of("resource.kubernetes.io/delete-protection"))));
        simulation.api.create(Pod.RESOURCE, "ns", pod("p", PodResourceClaim.EMPTY.withName("gpu").withResourceClaimName("shared")));
        allocateFor("p", onlyClaim());
        simulation.settle();
        assertThat(onlyClaim().status().hasAllocation()).isTrue();
        simulation.api.delete(Pod.RESOURCE, "ns", "p", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        ResourceClaim claim = onlyClaim();
        assertThat(claim.status().hasAllocation()).isFalse();
        assertThat(claim.status().reservedFor()).isEmpty();
        assertThat(claim.metadata().finalizers()).isEmpty();
        simulation.assertQuiet();
    }

    @Test
    void a_pod_that_got_its_node_without_the_scheduler_has_its_claim_reserved() {
        simulation.api.create(ResourceClaim.RESOURCE, "ns", ResourceClaim.EMPTY.withMetadata(named("shared")));
        ResourceClaim claim = onlyClaim();
        simulation.api.updateStatus(ResourceClaim.RESOURCE, "ns", claim.withStatus(s -> s.withAllocation(AllocationResult.EMPTY)));
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", pod("p", PodResourceClaim.EMPTY.withName("gpu").withResourceClaimName("shared")).withSpec(s -> s.withNodeName("n")));
        simulation.settle();
        assertThat(onlyClaim().status().reservedFor()).singleElement().satisfies(r -> {
            assertThat(r.resource()).isEqualTo("pods");
            assertThat(r.uid()).isEqualTo(pod.metadata().uid());
        });
    }

    @Test
    void long_names_are_cut_in_proportion() {
        assertThat(ClaimMaking.base("pod", "claim")).isEqualTo("pod-claim-");
        assertThat(ClaimMaking.base("p".repeat(60), "c".repeat(30))).hasSizeLessThanOrEqualTo(57).contains("p-c");
    }

    private ResourceClaim onlyClaim() {
        List<ResourceClaim> claims = simulation.api.peek(ResourceClaim.RESOURCE, "ns");
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    private void allocateFor(String name, ResourceClaim claim) {
        Pod pod = simulation.api.get(Pod.RESOURCE, "ns", name);
        simulation.api.update(Pod.RESOURCE, "ns", pod.withSpec(s -> s.withNodeName("n")));
        ResourceClaimConsumerReference consumer = ResourceClaimConsumerReference.EMPTY.withResource("pods").withName(name).withUid(pod.metadata().uid());
        simulation.api.updateStatus(ResourceClaim.RESOURCE, "ns", claim.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withAllocation(AllocationResult.EMPTY).withReservedFor(List.of(consumer))));
    }

    private static PodResourceClaim byTemplate() {
        return PodResourceClaim.EMPTY.withName("gpu").withResourceClaimTemplateName("t");
    }

    private static Pod pod(String name, PodResourceClaim claim) {
        return Pod.EMPTY.withMetadata(named(name)).withSpec(s -> s.withResourceClaims(List.of(claim)));
    }

    private static ResourceClaimTemplate template() {
        return ResourceClaimTemplate.EMPTY.withMetadata(named("t"))
                .withSpec(t -> t.withMetadata(m -> m.withLabels(Map.of("a", "b"))).withSpec(s -> s.withDevices(d -> d.withRequests(List.of(DeviceRequest.EMPTY.withName("r"))))));
    }
}
