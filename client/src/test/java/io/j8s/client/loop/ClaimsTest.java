package io.j8s.client.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.SimulatedTimeline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private final SimulatedTimeline time = new SimulatedTimeline(5);
    private final MemoryApi api = new MemoryApi(time);
    private final Claims<ReplicaSet, Pod> claims = new Claims<>(api, ReplicaSet.RESOURCE, Pod.RESOURCE);
    private final Selector selector = Selector.parse("app=x");
    private final ReplicaSet owner = api.create(ReplicaSet.RESOURCE, "ns", ReplicaSet.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("owner").withFinalizers(List.of("hold"))));

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void adoptsOrphansThatMatch() {
        pod("a", "x");
        pod("b", "y");
        assertThat(names(claims.claim(owner, selector, api.list(Pod.RESOURCE, "ns")))).containsExactly("a");
        assertThat(Ownership.controlledBy(api.get(Pod.RESOURCE, "ns", "a"), owner.metadata().uid())).isTrue();
        assertThat(api.get(Pod.RESOURCE, "ns", "b").metadata().ownerReferences()).isEmpty();
    }

    @Test
    void releasesWhatNoLongerMatches() {
        Pod pod = pod("a", "x");
        claims.claim(owner, selector, List.of(pod));
        Pod relabeled = api.update(Pod.RESOURCE, "ns", api.get(Pod.RESOURCE, "ns", "a").withMetadata(m -> m.withLabels(Map.of("app", "other"))));
        assertThat(claims.claim(owner, selector, List.of(relabeled))).isEmpty();
        assertThat(api.get(Pod.RESOURCE, "ns", "a").metadata().ownerReferences()).isEmpty();
    }

    @Test
    void leavesAloneWhatOthersControl() {
        Pod pod = pod("a", "x");
        OwnerReference other = Ownership.controllerReference(ReplicaSet.RESOURCE, ObjectMeta.EMPTY.withName("other").withUid("other-uid"));
        Pod owned = api.update(Pod.RESOURCE, "ns", pod.withMetadata(m -> m.withOwnerReferences(List.of(other))));
        api.takeRequests();
        assertThat(claims.claim(owner, selector, List.of(owned))).isEmpty();
        assertThat(api.takeWrites()).isEmpty();
    }

    @Test
    void anOwnerThatIsBeingDeletedAdoptsNothingEvenIfTheCacheDoesNotKnow() {
        Pod pod = pod("a", "x");
        api.delete(ReplicaSet.RESOURCE, "ns", "owner", DeleteOptions.DEFAULT);
        assertThat(claims.claim(owner, selector, List.of(pod))).isEmpty();
        assertThat(api.get(Pod.RESOURCE, "ns", "a").metadata().ownerReferences()).isEmpty();
    }

    @Test
    void aPodThatWasReplacedByAnotherOfItsNameIsNotAdopted() {
        Pod pod = pod("a", "x");
        api.delete(Pod.RESOURCE, "ns", "a", DeleteOptions.DEFAULT);
        pod("a", "x");
        assertThat(claims.claim(owner, selector, List.of(pod))).isEmpty();
    }

    private static List<String> names(List<Pod> pods) {
        return pods.stream().map(p -> p.metadata().name()).toList();
    }

    private Pod pod(String name, String app) {
        return api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(Map.of("app", app))));
    }
}
