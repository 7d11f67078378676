package io.j8s.controllers.volumebinding;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VolumeBinderTest {
    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.start(context -> new VolumeBinder(context, VolumeBinder.Settings.DEFAULT));
    }

    @Test
    void aClaimGetsTheSmallestVolumeThatFits() {
        start();
        volume("big", "10Gi", "slow");
        volume("small", "1Gi", "slow");
        volume("fitting", "5Gi", "slow");
        volume("other", "5Gi", "fast");
        claim("c", "4Gi", "slow");
        simulation.settle();
        assertThat(claim("c").spec().volumeName()).isEqualTo("fitting");
        assertThat(claim("c").status().phase()).isEqualTo("Bound");
        assertThat(claim("c").status().capacity()).containsEntry("storage", Quantity.parse("5Gi"));
        assertThat(claim("c").metadata().annotations()).containsEntry("pv.kubernetes.io/bind-completed", "yes");
        assertThat(phase("fitting")).isEqualTo("Bound");
        assertThat(phase("big")).isEqualTo("Available");
        simulation.assertQuiet();
        simulation.api.delete(PersistentVolumeClaim.RESOURCE, "ns", "c", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(phase("fitting")).isEqualTo("Released");
    }

    @Test
    void withoutAVolumeTheProvisionerIsAskedAndItsVolumeIsTaken() {
        start();
        storageClass("local", "example.com/local", "Immediate");
        claim("c", "4Gi", "local");
        simulation.settle();
        assertThat(claim("c").status().phase()).isEqualTo("Pending");
        assertThat(claim("c").metadata().annotations()).containsEntry("volume.kubernetes.io/storage-provisioner", "example.com/local");
        assertThat(simulation.reasons("ns")).contains("ExternalProvisioning");
        PersistentVolumeClaim waiting = claim("c");
        simulation.api.create(
                PersistentVolume.RESOURCE,
                "",
                describe("made", "4Gi", "local").withSpec(s -> s.withClaimRef(r -> r.withKind("PersistentVolumeClaim").withNamespace("ns").withName("c").withUid(waiting.metadata().uid()))));
        simulation.settle();
        assertThat(claim("c").spec().volumeName()).isEqualTo("made");
        assertThat(claim("c").status().phase()).isEqualTo("Bound");
    }

    @Test
    void whatADriverTookOverIsAskedOfTheDriver() {
        start();
        storageClass("disk", "kubernetes.io/aws-ebs", "Immediate");
        storageClass("unknown", "kubernetes.io/glusterfs", "Immediate");
        claim("c", "4Gi", "disk");
        claim("nobody", "4Gi", "unknown");
        simulation.settle();
        assertThat(claim("c").metadata().annotations()).containsEntry("volume.kubernetes.io/storage-provisioner", "ebs.csi.aws.com").doesNotContainKey("pv.kubernetes.io/migrated-to");
        assertThat(claim("nobody").metadata().annotations()).isEmpty();
        assertThat(simulation.reasons("ns")).contains("ExternalProvisioning", "ProvisioningFailed");
    }

    @Test
    void oldClaimsAndVolumesNameTheDriverThatTookThemOver() {
        start();
        storageClass("disk", "kubernetes.io/gce-pd", "Immediate");
        simulation.api.create(PersistentVolume.RESOURCE, "", describe("old", "4Gi", "disk").withMetadata(named("old")
                .withAnnotations(Map.of("pv.kubernetes.io/provisioned-by", "kubernetes.io/gce-pd")).withFinalizers(List.of("kubernetes.io/pv-controller", "kubernetes.io/pv-protection"))));
        simulation.api.create(PersistentVolume.RESOURCE, "", describe("back", "4Gi", "other").withMetadata(named("back")
                .withAnnotations(Map.of("pv.kubernetes.io/provisioned-by", "example.com/local", "pv.kubernetes.io/migrated-to", "pd.csi.storage.gke.io"))));
        claim("c", "4Gi", "disk");
        simulation.api.update(PersistentVolumeClaim.RESOURCE, "ns", claim("c").withMetadata(m -> m.withAnnotations(Map.of("volume.beta.kubernetes.io/storage-provisioner", "kubernetes.io/gce-pd"))));
        simulation.settle();
        assertThat(claim("c").metadata().annotations()).containsEntry("pv.kubernetes.io/migrated-to", "pd.csi.storage.gke.io");
        assertThat(claim("c").spec().volumeName()).isEqualTo("old");
        PersistentVolume old = simulation.api.get(PersistentVolume.RESOURCE, "", "old");
        assertThat(old.metadata().annotations()).containsEntry("pv.kubernetes.io/migrated-to", "pd.csi.storage.gke.io");
        assertThat(old.metadata().finalizers()).containsExactly("kubernetes.io/pv-protection");
        assertThat(simulation.api.get(PersistentVolume.RESOURCE, "", "back").metadata().annotations()).doesNotContainKey("pv.kubernetes.io/migrated-to");
        simulation.assertQuiet();
    }

    @Test
    void lateBindingWaitsForTheScheduler() {
        start();
        storageClass("late", "example.com/local", "WaitForFirstConsumer");
        volume("v", "5Gi", "late");
        claim("c", "4Gi", "late");
        simulation.advance(Duration.ofMinutes(1));
        assertThat(claim("c").spec().volumeName()).isEmpty();
        assertThat(simulation.reasons("ns")).contains("WaitForFirstConsumer");
        simulation.api.update(PersistentVolumeClaim.RESOURCE, "ns", claim("c").withMetadata(m -> m.withAnnotations(Map.of("volume.kubernetes.io/selected-node", "n1"))));
        simulation.settle();
        assertThat(claim("c").spec().volumeName()).isEqualTo("v");
    }

    @Test
    void aClaimOfALostVolumeIsLost() {
        start();
        volume("v", "5Gi", "slow");
        claim("c", "4Gi", "slow");
        simulation.settle();
        simulation.api.delete(PersistentVolume.RESOURCE, "", "v", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(claim("c").status().phase()).isEqualTo("Lost");
        assertThat(simulation.reasons("ns")).contains("ClaimLost");
    }

    @Test
    void aClaimWithoutAClassGetsTheDefaultOne() {
        start();
        simulation.api.create(PersistentVolumeClaim.RESOURCE, "ns", PersistentVolumeClaim.EMPTY.withMetadata(named("c")).withSpec(s -> s.withAccessModes(List.of("ReadWriteOnce"))));
        simulation.settle();
        simulation.api.create(
                StorageClass.RESOURCE,
                "",
                StorageClass.EMPTY.withMetadata(named("standard").withAnnotations(Map.of("storageclass.kubernetes.io/is-default-class", "true"))).withProvisioner("example.com/local"));
        simulation.settle();
        assertThat(claim("c").spec().storageClassName()).isEqualTo("standard");
    }

    @Test
    void noVolumeIsEverGivenToTwoHoweverUnreliableTheServerIs() {
        for (long seed = 1; seed <= 10; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            Simulation current = simulation;
            start();
            for (int i = 0; i < 10; i++) {
                volume("v" + i, "5Gi", "slow");
                claim("c" + i, "4Gi", "slow");
            }
            current.api.faults(request -> request.writes() && current.time.random().nextInt(3) == 0 ? Refusals.unavailable() : null);
            current.advance(Duration.ofMinutes(30));
            Set<String> taken = new HashSet<>();
            for (PersistentVolumeClaim claim : current.api.peek(PersistentVolumeClaim.RESOURCE, "ns")) {
                assertThat(claim.status().phase()).as("seed %s", seed).isEqualTo("Bound");
                assertThat(taken.add(claim.spec().volumeName())).as("seed %s", seed).isTrue();
            }
        }
    }

    private void storageClass(String name, String provisioner, String mode) {
        simulation.api.create(StorageClass.RESOURCE, "", StorageClass.EMPTY.withMetadata(named(name)).withProvisioner(provisioner).withVolumeBindingMode(mode));
    }

    private static PersistentVolume describe(String name, String size, String storageClass) {
        return PersistentVolume.EMPTY
                .withMetadata(named(name))
                .withSpec(s -> s.withCapacity(Map.of("storage", Quantity.parse(size))).withStorageClassName(storageClass).withAccessModes(List.of("ReadWriteOnce")));
    }

    private void volume(String name, String size, String storageClass) {
        simulation.api.create(PersistentVolume.RESOURCE, "", describe(name, size, storageClass));
    }

    private void claim(String name, String size, String storageClass) {
        simulation.api.create(
                PersistentVolumeClaim.RESOURCE,
                "ns",
                PersistentVolumeClaim.EMPTY
                        .withMetadata(named(name))
                        .withSpec(s -> s.withStorageClassName(storageClass).withAccessModes(List.of("ReadWriteOnce")).withResources(r -> r.withRequests(Map.of("storage", Quantity.parse(size))))));
    }

    private PersistentVolumeClaim claim(String name) {
        return simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns").stream().filter(c -> c.metadata().name().equals(name)).findFirst().orElseThrow();
    }

    private String phase(String volume) {
        return simulation.api.peek(PersistentVolume.RESOURCE, "").stream().filter(v -> v.metadata().name().equals(volume)).findFirst().orElseThrow().status().phase();
    }

    private void release(String name, PersistentVolume volume) {
        simulation.api.create(PersistentVolume.RESOURCE, "", volume.withSpec(s -> s.withPersistentVolumeReclaimPolicy("Delete").withClaimRef(r -> r.withNamespace("ns").withName("gone-" + name).withUid("gone"))));
        simulation.settle();
    }

    @Test
    void volumesThatCannotBeDeletedSaySo() {
        start();
        release("host", describe("host", "1Gi", "x").withSpec(s -> s.withHostPath(h -> h.withPath("/mnt/data"))));
        release("nfs", describe("nfs", "1Gi", "x").withSpec(s -> s.withNfs(n -> n.withServer("192.0.2.1").withPath("/"))));
        release("csi", describe("csi", "1Gi", "x").withSpec(s -> s.withCsi(c -> c.withDriver("d").withVolumeHandle("h"))));
        assertThat(simulation.api.get(PersistentVolume.RESOURCE, "", "host").status().message()).isEqualTo("host_path deleter only supports /tmp/.+ but received provided /mnt/data");
        assertThat(simulation.api.get(PersistentVolume.RESOURCE, "", "nfs").status().message()).isEqualTo("error getting deleter volume plugin for volume \"nfs\": no deletable volume plugin matched");
        assertThat(phase("nfs")).isEqualTo("Failed");
        assertThat(phase("csi")).as("its driver deletes it").isEqualTo("Released");
        simulation.assertQuiet();
    }

    @Test
    void aFolderForPassingFilesIsDeletedWithItsVolume(@TempDir Path folder) throws IOException {
        start();
        Path data = Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(data.resolve("file"), "x");
        release("host", describe("host", "1Gi", "x").withSpec(s -> s.withHostPath(h -> h.withPath(folder.resolve("a").toString()))));
        boolean passing = folder.startsWith("/tmp");
        assertThat(Files.exists(data)).isEqualTo(!passing);
        assertThat(simulation.api.peek(PersistentVolume.RESOURCE, "").isEmpty()).isEqualTo(passing);
    }
}
