package io.j8s.controllers.garbagecollector;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Event;
import io.j8s.client.DeleteOptions;
import io.j8s.client.loop.Ownership;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {
    private static final ApiResource<Struct> WIDGETS = new ApiResource<>("example.com", "v1", "widgets", "Widget", true, Unstructured.TYPE, Unstructured.TYPE);

    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.api.serve(Pod.RESOURCE, ReplicaSet.RESOURCE, Deployment.RESOURCE, ConfigMap.RESOURCE);
        simulation.start(context -> new GarbageCollector(context, 5));
    }

    @Test
    void dependentsFollowTheirOwnerInTheBackground() {
        start();
        tree();
        delete(Deployment.RESOURCE, "d", "Background");
        simulation.settle();
        assertThat(left()).containsExactly("other");
        simulation.assertQuiet();
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        start();
        tree();
        simulation.settle();
        delete(Deployment.RESOURCE, "d", "Foreground");
        List<String> order = new ArrayList<>();
        simulation.time.start("observer", () -> {
            while (true) {
                List<String> left = left();
                if (order.isEmpty() || !order.getLast().equals(left.toString())) {
                    order.add(left.toString());
                }
                simulation.time.sleep(Duration.ofMillis(1));
            }
        });
        simulation.settle();
        assertThat(left()).containsExactly("other");
        assertThat(order.getFirst()).contains("d", "r");
    }

    @Test
    void aDependentWithAFinalizerKeepsItsOwnerInTheForeground() {
        start();
        Deployment owner = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("p", Deployment.RESOURCE, owner).withFinalizers(List.of("test/hold"))));
        simulation.settle();
        delete(Deployment.RESOURCE, "d", "Foreground");
        simulation.advance(Duration.ofMinutes(5));
        assertThat(left()).containsExactlyInAnyOrder("d", "p");
        Pod pod = simulation.api.get(Pod.RESOURCE, "ns", "p");
        assertThat(pod.metadata().deletionTimestamp()).isNotNull();
        simulation.api.update(Pod.RESOURCE, "ns", pod.withMetadata(m -> m.withoutFinalizers()));
        simulation.settle();
        assertThat(left()).isEmpty();
    }

    @Test
    void orphansStayWithoutTheirReference() {
        start();
        tree();
        simulation.settle();
        delete(ReplicaSet.RESOURCE, "r", "Orphan");
        simulation.settle();
        assertThat(left()).contains("p1", "p2").doesNotContain("r");
        assertThat(simulation.api.get(Pod.RESOURCE, "ns", "p1").metadata().ownerReferences()).isEmpty();
        simulation.assertQuiet();
    }

    @Test
    void anObjectMadeForAnOwnerThatIsGoneAlreadyIsDeleted() {
        start();
        Deployment owner = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        simulation.settle();
        delete(Deployment.RESOURCE, "d", "Background");
        simulation.settle();
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("late", Deployment.RESOURCE, owner)));
        simulation.settle();
        assertThat(left()).isEmpty();
    }

    @Test
    void anOwnerOfTheSameNameIsNotTheOwner() {
        start();
        Deployment owner = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("p", Deployment.RESOURCE, owner)));
        simulation.settle();
        delete(Deployment.RESOURCE, "d", "Background");
        create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        simulation.settle();
        assertThat(left()).containsExactly("d");
    }

    @Test
    void oneLivingOwnerIsEnoughAndTheDeadOneIsForgotten() {
        start();
        Deployment first = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("one")));
        Deployment second = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("two")));
        OwnerReference other = Ownership.controllerReference(Deployment.RESOURCE, second.metadata()).withController(false);
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("p", Deployment.RESOURCE, first).withOwnerReferences(List.of(Ownership.controllerReference(Deployment.RESOURCE, first.metadata()), other))));
        simulation.settle();
        delete(Deployment.RESOURCE, "one", "Background");
        simulation.settle();
        assertThat(simulation.api.get(Pod.RESOURCE, "ns", "p").metadata().ownerReferences()).singleElement().satisfies(o -> assertThat(o.name()).isEqualTo("two"));
        simulation.assertQuiet();
    }

    @Test
    void customResourcesAreCollectedFromWhenTheyAreServed() {
        start();
        ConfigMap owner = create(ConfigMap.RESOURCE, ConfigMap.EMPTY.withMetadata(named("owner")));
        simulation.api.serve(WIDGETS);
        Struct widget = Objects.withMetadata(Unstructured.EMPTY, owned("w", ConfigMap.RESOURCE, owner));
        simulation.api.create(WIDGETS, "ns", widget);
        simulation.advance(Duration.ofMinutes(1));
        simulation.api.delete(ConfigMap.RESOURCE, "ns", "owner", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(simulation.api.peek(WIDGETS, "ns")).isEmpty();
    }

    @Test
    void anOwnerOfAnUnknownKindProtects() {
        start();
        OwnerReference unknown = OwnerReference.EMPTY.withApiVersion("unknown.example.com/v1").withKind("Thing").withName("x").withUid("x");
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(named("p").withOwnerReferences(List.of(unknown))));
        simulation.advance(Duration.ofMinutes(10));
        assertThat(left()).containsExactly("p");
    }

    @Test
    void twoThatOwnEachOtherDoNotBlockForever() {
        start();
        ConfigMap a = create(ConfigMap.RESOURCE, ConfigMap.EMPTY.withMetadata(named("a")));
        ConfigMap b = create(ConfigMap.RESOURCE, ConfigMap.EMPTY.withMetadata(owned("b", ConfigMap.RESOURCE, a)));
        simulation.api.update(ConfigMap.RESOURCE, "ns", a.withMetadata(m -> m.withOwnerReferences(owned("a", ConfigMap.RESOURCE, b).ownerReferences())));
        simulation.settle();
        delete(ConfigMap.RESOURCE, "a", "Foreground");
        simulation.advance(Duration.ofMinutes(1));
        assertThat(left()).isEmpty();
    }

    @Test
    void nothingIsLeftAndNothingElseIsTouchedHoweverUnreliableTheServerIs() {
        for (long seed = 1; seed <= 10; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            Simulation current = simulation;
            start();
            tree();
            current.api.faults(request -> current.time.random().nextInt(4) == 0 ? Refusals.unavailable() : null);
            String policy = List.of("Background", "Foreground").get((int) (seed % 2));
            current.time.start("deleter", () -> {
                while (current.api.peek(Deployment.RESOURCE, "ns").stream().anyMatch(d -> d.metadata().deletionTimestamp() == null)) {
                    try {
                        delete(Deployment.RESOURCE, "d", policy);
                    } catch (io.j8s.client.ApiException e) {
                        current.time.sleep(Duration.ofMillis(10));
                    }
                }
            });
            current.advance(Duration.ofMinutes(10));
            assertThat(left()).as("seed %s", seed).containsExactly("other");
        }
    }

    /// A deployment with a set with two pods, and a pod beside them.
    private void tree() {
        Deployment deployment = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        ReplicaSet set = create(ReplicaSet.RESOURCE, ReplicaSet.EMPTY.withMetadata(owned("r", Deployment.RESOURCE, deployment)));
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("p1", ReplicaSet.RESOURCE, set)));
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(owned("p2", ReplicaSet.RESOURCE, set)));
        create(Pod.RESOURCE, Pod.EMPTY.withMetadata(named("other")));
    }

    private List<String> left() {
        List<String> names = new ArrayList<>();
        simulation.api.peek(Deployment.RESOURCE, "ns").forEach(o -> names.add(o.metadata().name()));
        simulation.api.peek(ReplicaSet.RESOURCE, "ns").forEach(o -> names.add(o.metadata().name()));
        simulation.api.peek(ConfigMap.RESOURCE, "ns").forEach(o -> names.add(o.metadata().name()));
        simulation.pods("ns").forEach(o -> names.add(o.metadata().name()));
        return names;
    }

    private <T extends Struct> T create(ApiResource<T> resource, T object) {
        return simulation.api.create(resource, "ns", object);
    }

    private void delete(ApiResource<?> resource, String name, String policy) {
        simulation.api.delete(resource, "ns", name, DeleteOptions.DEFAULT.propagating(policy));
    }

    private static ObjectMeta owned(String name, ApiResource<?> resource, Struct owner) {
        return named(name).withOwnerReferences(List.of(Ownership.controllerReference(resource, Objects.metadata(owner))));
    }

    @Test
    void anOwnerOfAnotherNamespaceIsToldOf() {
        start();
        Deployment owner = create(Deployment.RESOURCE, Deployment.EMPTY.withMetadata(named("d")));
        simulation.settle();
        simulation.api.create(Pod.RESOURCE, "elsewhere", Pod.EMPTY.withMetadata(owned("p", Deployment.RESOURCE, owner)));
        simulation.settle();
        assertThat(simulation.api.peek(Event.RESOURCE, "elsewhere")).extracting(e -> e.type() + " " + e.reason() + ": " + e.message()).contains(
                "Warning OwnerRefInvalidNamespace: ownerRef [apps/v1/Deployment, namespace: elsewhere, name: d, uid: " + owner.metadata().uid() + "] does not exist in namespace \"elsewhere\"");
        assertThat(simulation.api.peek(Pod.RESOURCE, "elsewhere")).isEmpty();
    }
}
