package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.NodeSelector;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.TopologySelectorLabelRequirement;
import io.j8s.model.core.v1.TopologySelectorTerm;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSINodeDriver;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeBindingTest {

    private final ClusterState cluster = new ClusterState();
    private final StoredVolumes storage = new StoredVolumes();
    private final Profile profile = DefaultPlugins.profile(pod -> Selector.nothing(), storage);
    private final Placement placement = new Placement(profile, cluster, new Nominations(), new Random(1));
    private final Pod pod = Objects.pod("a", 0, Map.of()).withSpec(spec -> spec.withVolumes(
            List.of(Volume.EMPTY.withName("data").withPersistentVolumeClaim(source -> source.withClaimName("data")))));

    @BeforeEach
    void twoNodes() {
        cluster.put(Objects.node("n1", 1000, 10, Map.of("zone", "a")));
        cluster.put(Objects.node("n2", 1000, 10, Map.of("zone", "b")));
    }

    @Test
    void aMissingClaimIsNamed() {
        assertThat(tried()).isEqualTo("0/2 nodes are available: persistentvolumeclaim \"data\" not found.");
    }

    @Test
    void anUnboundImmediateClaimHoldsThePod() {
        storage.claims.put("data", claim());
        storage.classes.put("disk", StorageClass.EMPTY.withProvisioner("example.com/disk").withVolumeBindingMode("Immediate"));
        assertThat(tried()).isEqualTo("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    }

    @Test
    void aBoundVolumeDrawsThePodToItsNode() {
        storage.claims.put("data", claim().withSpec(spec -> spec.withVolumeName("v"))
                .withMetadata(meta -> meta.withAnnotations(Map.of("pv.kubernetes.io/bind-completed", "yes"))));
        storage.volumes.put("v", volume("v", 10, "b"));
        assertThat(tried()).isEqualTo("n2 []");
        storage.volumes.put("v", volume("v", 10, "c"));
        assertThat(tried()).isEqualTo("0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.");
    }

    @Test
    void aWaitingClaimGetsTheSmallestVolumeThatSuffices() {
        storage.claims.put("data", claim());
        waiting("kubernetes.io/no-provisioner");
        storage.volumes.put("small", volume("small", 1, "a"));
        assertThat(tried()).isEqualTo("0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.");
        storage.volumes.put("big", volume("big", 50, "b"));
        storage.volumes.put("fitting", volume("fitting", 10, "b"));
        assertThat(tried()).isEqualTo("n2 [fitting to data]");
    }

    @Test
    void aWaitingClaimIsProvisionedWhereItsClassAllows() {
        storage.claims.put("data", claim());
        waiting("example.com/disk");
        assertThat(tried()).isEqualTo("n1 [data on n1]");
    }

    @Test
    void aClaimForOnePodIsNotSharedOnAnyNode() {
        waiting("example.com/disk");
        storage.claims.put("data", claim().withSpec(spec -> spec.withAccessModes(List.of("ReadWriteOncePod"))));
        Pod other = pod.withMetadata(meta -> meta.withName("b").withUid("uid-b"));
        cluster.put(Objects.on(other, "n2"));
        assertThat(tried()).isEqualTo("0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.");
        cluster.remove("uid-b");
        assertThat(tried()).isEqualTo("n1 [data on n1]");
    }

    @Test
    void aVolumeThatIsMadeElsewhereAfterAllKeepsThePodFromBeingBound() {
        storage.claims.put("data", claim());
        waiting("example.com/disk");
        storage.made = volume -> volume.withSpec(spec -> spec.withNodeAffinity(volume("x", 1, "b").spec().nodeAffinity()));
        assertThatThrownBy(this::tried).hasMessage("binding volumes: pv \"made-data\" node affinity doesn't match node \"n1\": no matching NodeSelectorTerms");
    }

    @Test
    void aVolumeIsNotChosenForTwoPods() {
        waiting("kubernetes.io/no-provisioner");
        storage.volumes.put("v", volume("v", 10, "a"));
        storage.claims.put("data", claim());
        storage.claims.put("other", claim().withMetadata(meta -> meta.withName("other").withUid("other")));
        PodInfo first = new PodInfo(pod);
        Placement.Result.Chosen chosen = (Placement.Result.Chosen) placement.find(first);
        profile.reserves().forEach(plugin -> plugin.reserve(first, chosen.node()));
        PodInfo second = new PodInfo(Objects.pod("b", 0, Map.of()).withSpec(spec -> spec.withVolumes(
                List.of(Volume.EMPTY.withName("data").withPersistentVolumeClaim(source -> source.withClaimName("other"))))));
        assertThat(placement.find(second)).isInstanceOf(Placement.Result.None.class);
        profile.reserves().forEach(plugin -> plugin.unreserve(first, chosen.node()));
        assertThat(placement.find(second)).isInstanceOf(Placement.Result.Chosen.class);
    }

    @Test
    void aProvisionerIsAskedForNoMoreThanItHas() {
        storage.claims.put("data", claim());
        waiting("example.com/disk");
        storage.csiDrivers.put("example.com/disk", CSIDriver.EMPTY.withSpec(spec -> spec.withStorageCapacity(true)));
        assertThat(tried()).isEqualTo("0/2 nodes are available: 1 node(s) did not have enough free storage, 1 node(s) didn't find available persistent volumes to bind.");
        storage.capacities.add(CSIStorageCapacity.EMPTY.withStorageClassName("disk").withCapacity(Quantity.of(5))
                .withNodeTopology(LabelSelector.EMPTY.withMatchLabels(Map.of("zone", "a"))));
        assertThat(tried()).isEqualTo("n1 [data on n1]");
    }

    @Test
    void aNodeTakesOnlyAsManyVolumesOfADriverAsItSays() {
        storage.claims.put("data", bound("v"));
        storage.volumes.put("v", csi("v"));
        storage.claims.put("there", bound("w"));
        storage.volumes.put("w", csi("w"));
        for (String node : List.of("n1", "n2")) {
            storage.csiNodes.put(node, CSINode.EMPTY.withSpec(spec -> spec.withDrivers(
                    List.of(CSINodeDriver.EMPTY.withName("example.com/disk").withAllocatable(limit -> limit.withCount(1))))));
            cluster.put(Objects.on(Objects.pod("on-" + node, 0, Map.of()).withSpec(spec -> spec.withVolumes(
                    List.of(Volume.EMPTY.withName("there").withPersistentVolumeClaim(source -> source.withClaimName("there"))))), node));
        }
        assertThat(tried()).isEqualTo("0/2 nodes are available: 2 node(s) exceed max volume count.");
        cluster.remove("uid-on-n2");
        assertThat(tried()).isEqualTo("n2 []");
    }

    @Test
    void aVolumesZoneLabelDrawsThePodThere() {
        cluster.put(Objects.node("n3", 1000, 10, Map.of("topology.kubernetes.io/zone", "z1")));
        cluster.removeNode("n1");
        cluster.removeNode("n2");
        storage.claims.put("data", bound("v"));
        storage.volumes.put("v", csi("v").withMetadata(meta -> meta.withLabels(Map.of("failure-domain.beta.kubernetes.io/zone", "z2__z3"))));
        assertThat(tried()).contains("node(s) had no available volume zone");
        storage.volumes.put("v", csi("v").withMetadata(meta -> meta.withLabels(Map.of("failure-domain.beta.kubernetes.io/zone", "z2__z1"))));
        assertThat(tried()).isEqualTo("n3 []");
    }

    private static PersistentVolumeClaim bound(String volume) {
        return claim().withSpec(spec -> spec.withVolumeName(volume)).withMetadata(meta -> meta.withAnnotations(Map.of("pv.kubernetes.io/bind-completed", "yes")));
    }

    private static PersistentVolume csi(String name) {
        return PersistentVolume.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))
                .withSpec(spec -> spec.withCsi(source -> source.withDriver("example.com/disk").withVolumeHandle(name)));
    }

    private void waiting(String provisioner) {
        var label = TopologySelectorLabelRequirement.EMPTY.withKey("zone").withValues(List.of("a"));
        storage.classes.put("disk", StorageClass.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("disk")).withProvisioner(provisioner).withVolumeBindingMode("WaitForFirstConsumer")
                .withAllowedTopologies(List.of(TopologySelectorTerm.EMPTY.withMatchLabelExpressions(List.of(label)))));
    }

    private static PersistentVolumeClaim claim() {
        return PersistentVolumeClaim.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("data").withNamespace("default").withUid("claim"))
                .withSpec(spec -> spec.withStorageClassName("disk").withAccessModes(List.of("ReadWriteOnce"))
                        .withResources(resources -> resources.withRequests(Map.of("storage", Quantity.of(5)))));
    }

    private static PersistentVolume volume(String name, long size, String zone) {
        var zoned = NodeSelectorRequirement.EMPTY.withKey("zone").withOperator("In").withValues(List.of(zone));
        NodeSelector nodes = NodeSelector.EMPTY.withNodeSelectorTerms(List.of(NodeSelectorTerm.EMPTY.withMatchExpressions(List.of(zoned))));
        return PersistentVolume.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))
                .withSpec(spec -> spec.withStorageClassName("disk").withAccessModes(List.of("ReadWriteOnce"))
                        .withCapacity(Map.of("storage", Quantity.of(size))).withNodeAffinity(affinity -> affinity.withRequired(nodes)))
                .withStatus(status -> status.withPhase("Available"));
    }

    /// The node and what was written before binding, or why there is none.
    private String tried() {
        return switch (placement.find(new PodInfo(pod))) {
            case Placement.Result.None(var diagnosis) -> diagnosis.message(2);
            case Placement.Result.Chosen(var node, int feasible) -> {
                PodInfo info = new PodInfo(pod);
                profile.reserves().forEach(plugin -> plugin.reserve(info, node));
                boolean work = profile.preBinds().stream().anyMatch(plugin -> plugin.hasWork(info));
                for (PreBindPlugin plugin : profile.preBinds()) {
                    try {
                        plugin.preBind(info, node);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                assertThat(work).isEqualTo(!storage.written.isEmpty());
                yield node.name() + " " + storage.written;
            }
        };
    }
}
