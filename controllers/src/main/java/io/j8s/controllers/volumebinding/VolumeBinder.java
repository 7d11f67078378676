package io.j8s.controllers.volumebinding;

import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.MountedClaims;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.volumeexpand.MigratedVolumes;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Watches claims, volumes, storage classes and pods (for whom claims with late binding wait).
///
/// A binding is two writes, volume first; either may be found half done after a failure, and is then finished. Volumes are made and deleted by external provisioners,
/// which the annotations on claims and the phases of volumes ask to.
public final class VolumeBinder implements Controller {
    private static final String BOUND = "pv.kubernetes.io/bind-completed";
    private static final String BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    private static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
    private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    private static final String MIGRATED_TO = "pv.kubernetes.io/migrated-to";
    private static final String IN_TREE_FINALIZER = "kubernetes.io/pv-controller";
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Settings settings;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final Index<Pod> podsByClaim;
    private final OwnWrites<String> volumeWrites;
    private final OwnWrites<ObjectKey> claimWrites;
    private final WorkQueue<ObjectKey> claimQueue;
    private final WorkQueue<String> volumeQueue;
    private final ControllerLoop<ObjectKey> claimLoop;
    private final ControllerLoop<String> volumeLoop;
    private final EventRecorder events;
    private final Counter defaulted;
    private final Reclaim reclaim;

    /// @param period after which claims that wait are looked at again, and are told again what they wait for (`--pvclaimbinder-sync-period`)
    /// @param provisioning whether volumes are asked of provisioners (`--enable-dynamic-provisioning`)
    public record Settings(Duration period, boolean provisioning) {
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(15), true);

        public Settings {
            if (period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException("--pvclaimbinder-sync-period: must be longer than 0, not " + period);
            }
        }
    }

    public VolumeBinder(Context context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        this.volumes = context.informers().of(PersistentVolume.RESOURCE);
        this.classes = context.informers().of(StorageClass.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByClaim = MountedClaims.index(pods);
        this.volumeWrites = OwnWrites.to(volumes);
        this.claimWrites = OwnWrites.to(claims);
        this.claimQueue = context.queue("claims");
        this.volumeQueue = context.queue("volumes");
        // one worker each: two claims must never choose one volume
        this.claimLoop = new ControllerLoop<>(context.time(), claimQueue, 1, this::reconcileClaim);
        this.volumeLoop = new ControllerLoop<>(context.time(), volumeQueue, 1, this::reconcileVolume);
        this.events = context.recorder("persistentvolume-controller");
        this.reclaim = new Reclaim(context.client(), events, written -> volumeWrites.wrote("", written));
        BindingMetrics.register(context.registry(), volumes.lister(), claims.lister());
        this.defaulted = context.registry().counter("retroactive_storageclass_total", "[ALPHA] Total number of retroactive StorageClass assignments to persistent volume claim");
        context.registry().counter("retroactive_storageclass_errors_total", "[ALPHA] Total number of failed retroactive StorageClass assignments to persistent volume claim").add(0);
        defaulted.add(0);
        claims.addHandler(Handler.each(claim -> {
            claimQueue.add(key(claim));
            if (!claim.spec().volumeName().isEmpty()) {
                volumeQueue.add(claim.spec().volumeName());
            }
        }));
        volumes.addHandler(Handler.each(volume -> {
            volumeQueue.add(volume.metadata().name());
            if (volume.spec().hasClaimRef()) {
                claimQueue.add(new ObjectKey(volume.spec().claimRef().namespace(), volume.spec().claimRef().name()));
            } else {
                addPending();
            }
        }));
        classes.addHandler(Handler.each(any -> addPending()));
    }

    @Override
    public void start() {
        claimLoop.start();
        volumeLoop.start();
    }

    @Override
    public void close() {
        claimLoop.close();
        volumeLoop.close();
        events.close();
    }

    private void addPending() {
        claims.lister().list().stream().filter(claim -> claim.spec().volumeName().isEmpty()).forEach(claim -> claimQueue.add(key(claim)));
    }

    private static ObjectKey key(PersistentVolumeClaim claim) {
        return new ObjectKey(claim.metadata().namespace(), claim.metadata().name());
    }

    private static boolean annotated(Map<String, String> annotations, String name) {
        return annotations.containsKey(name);
    }

    private Outcome reconcileClaim(ObjectKey key) {
        PersistentVolumeClaim claim = claims.lister().get(key);
        if (claim == null) {
            return Outcome.DONE;
        }
        if (!claimWrites.seen(key) || !volumeWrites.seen("")) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        claim = withDriver(claim);
        if (annotated(claim.metadata().annotations(), BOUND)) {
            return checkBound(claim);
        }
        if (!claim.spec().volumeName().isEmpty()) {
            PersistentVolume named = volumes.lister().get("", claim.spec().volumeName());
            return bindNamed(claim, named);
        }
        return claim.metadata().deletionTimestamp() == null ? search(claim) : Outcome.DONE;
    }

    /// The user asked for this volume.
    private Outcome bindNamed(PersistentVolumeClaim claim, @Nullable PersistentVolume named) {
        if (named == null) {
            phase(claim, "Pending");
            return Outcome.DONE;
        }
        if (named.spec().hasClaimRef() && !Matching.reserved(named, claim)) {
            phase(claim, "Pending");
            if (!annotated(claim.metadata().annotations(), BY_CONTROLLER)) {
                events.warning(claim, "FailedBinding", "volume \"" + named.metadata().name() + "\" already bound to a different claim.");
            }
            return Outcome.retryAfter(settings.period());
        }
        String mismatch = named.spec().hasClaimRef() ? null : Matching.mismatch(claim, named);
        if (mismatch != null) {
            phase(claim, "Pending");
            events.warning(claim, "VolumeMismatch", "Cannot bind to requested volume \"" + named.metadata().name() + "\": " + mismatch);
            return Outcome.retryAfter(settings.period());
        }
        bind(claim, named);
        return Outcome.DONE;
    }

    private Outcome checkBound(PersistentVolumeClaim claim) {
        PersistentVolume volume = volumes.lister().get("", claim.spec().volumeName());
        if (claim.spec().volumeName().isEmpty() || volume == null) {
            lose(claim, "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        } else if (volume.spec().hasClaimRef() && !Matching.reserved(volume, claim)) {
            lose(claim, "Two claims are bound to the same volume, this one is bound incorrectly");
        } else {
            bind(claim, volume);
        }
        return Outcome.DONE;
    }

    private void lose(PersistentVolumeClaim claim, String message) {
        if (!claim.status().phase().equals("Lost")) {
            events.warning(claim, claim.spec().volumeName().isEmpty() || message.startsWith("Bound") ? "ClaimLost" : "ClaimMisbound", message);
            phase(claim, "Lost");
        }
    }

    private Outcome search(PersistentVolumeClaim claim) {
        PersistentVolumeClaim classed = withDefaultClass(claim);
        StorageClass storageClass = classes.lister().get("", Matching.storageClass(classed));
        boolean late = storageClass != null && storageClass.volumeBindingMode().equals("WaitForFirstConsumer") && !annotated(classed.metadata().annotations(), SELECTED_NODE);
        PersistentVolume found = late ? reservedFor(classed) : Matching.find(classed, volumes.lister().list());
        if (found != null) {
            bind(classed, found);
            return Outcome.DONE;
        }
        phase(classed, "Pending");
        if (late) {
            tellWhoIsAwaited(classed);
            return Outcome.retryAfter(settings.period());
        }
        if (storageClass == null && !Matching.storageClass(classed).isEmpty()) {
            events.warning(classed, "ProvisioningFailed", "storageclass.storage.k8s.io \"" + Matching.storageClass(classed) + "\" not found");
            return Outcome.retryAfter(settings.period());
        }
        if (storageClass == null || !settings.provisioning()) {
            events.normal(classed, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
            return Outcome.retryAfter(settings.period());
        }
        provision(classed, storageClass.provisioner());
        return Outcome.retryAfter(settings.period());
    }

    /// What was asked of a volume type that a CSI driver took over (KEP-625) is that driver's to do.
    private PersistentVolumeClaim withDriver(PersistentVolumeClaim claim) {
        Map<String, String> annotations = claim.metadata().annotations();
        Map<String, String> wanted = migrated(annotations, annotations.getOrDefault(PROVISIONER, annotations.get(OLD_PROVISIONER)));
        return wanted == null ? claim : writeClaim(claim.withMetadata(m -> m.withAnnotations(wanted)));
    }

    private PersistentVolume withDriver(PersistentVolume volume) {
        String provisioner = volume.metadata().annotations().get(PROVISIONED_BY);
        Map<String, String> wanted = migrated(volume.metadata().annotations(), provisioner);
        List<String> finalizers = volume.metadata().finalizers();
        boolean held = provisioner != null && MigratedVolumes.of(provisioner) != null && finalizers.contains(IN_TREE_FINALIZER);
        if (wanted == null && !held) {
            return volume;
        }
        List<String> left = finalizers.stream().filter(one -> !held || !one.equals(IN_TREE_FINALIZER)).toList();
        PersistentVolume written = context.client().update(PersistentVolume.RESOURCE, "", volume
                .withMetadata(m -> wanted == null ? m : m.withAnnotations(wanted)).withMetadata(m -> left.isEmpty() ? m.withoutFinalizers() : m.withFinalizers(left)));
        volumeWrites.wrote("", written);
        return written;
    }

    /// The annotations as they should be; null when they are.
    private static @Nullable Map<String, String> migrated(Map<String, String> annotations, @Nullable String provisioner) {
        if (provisioner == null) {
            return null;
        }
        MigratedVolumes migrated = MigratedVolumes.of(provisioner);
        if (Objects.equals(annotations.get(MIGRATED_TO), migrated == null ? null : migrated.driver())) {
            return null;
        }
        Map<String, String> wanted = new LinkedHashMap<>(annotations);
        if (migrated == null) {
            wanted.remove(MIGRATED_TO);
        } else {
            wanted.put(MIGRATED_TO, migrated.driver());
        }
        return wanted;
    }

    private void tellWhoIsAwaited(PersistentVolumeClaim claim) {
        List<String> pods = podsByClaim.get(key(claim).toString()).stream().filter(pod -> pod.spec().nodeName().isEmpty() && !Pods.finished(pod)).map(pod -> pod.metadata().name()).toList();
        if (pods.isEmpty()) {
            events.normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        } else {
            events.normal(claim, "WaitForPodScheduled", "waiting for pod" + (pods.size() > 1 ? "s " : " ") + String.join(",", pods) + " to be scheduled");
        }
    }

    private @Nullable PersistentVolume reservedFor(PersistentVolumeClaim claim) {
        return volumes.lister().list().stream().filter(v -> v.spec().hasClaimRef() && Matching.reserved(v, claim) && Matching.suits(claim, v)).findFirst().orElse(null);
    }

    /// A claim that was made when there was no default class gets the newest of those there are now.
    private PersistentVolumeClaim withDefaultClass(PersistentVolumeClaim claim) {
        if (claim.spec().hasStorageClassName() || !Matching.storageClass(claim).isEmpty()) {
            return claim;
        }
        StorageClass chosen = classes.lister().list().stream()
                .filter(c -> "true".equals(c.metadata().annotations().get(DEFAULT_CLASS)))
                .max(Comparator.comparing((StorageClass c) -> Objects.requireNonNullElse(c.metadata().creationTimestamp(), java.time.Instant.MIN)).thenComparing(c -> c.metadata().name(), Comparator.reverseOrder()))
                .orElse(null);
        if (chosen == null) {
            return claim;
        }
        PersistentVolumeClaim written = writeClaim(claim.withSpec(s -> s.withStorageClassName(chosen.metadata().name())));
        defaulted.increment();
        return written;
    }

    private void provision(PersistentVolumeClaim claim, String named) {
        MigratedVolumes migrated = MigratedVolumes.of(named);
        if (migrated == null && named.startsWith("kubernetes.io/")) {
            events.warning(claim, "ProvisioningFailed", "no volume plugin matched name: " + named);
            return;
        }
        String provisioner = migrated == null ? named : migrated.driver();
        Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
        annotations.put(PROVISIONER, provisioner);
        annotations.put(OLD_PROVISIONER, provisioner);
        if (!annotations.equals(claim.metadata().annotations())) {
            writeClaim(claim.withMetadata(m -> m.withAnnotations(annotations)));
        }
        events.normal(claim, "ExternalProvisioning", "Waiting for a volume to be created either by the external provisioner '" + provisioner + "' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
    }

    /// Brings both sides to bound, each write only where it is missing.
    private void bind(PersistentVolumeClaim claim, PersistentVolume volume) {
        PersistentVolume reserved = volume;
        if (!volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
            Map<String, String> annotations = new LinkedHashMap<>(volume.metadata().annotations());
            if (!volume.spec().hasClaimRef()) {
                annotations.put(BY_CONTROLLER, "yes");
            }
            ObjectReference reference = EventRecorder.reference(claim);
            reserved = context.client().update(PersistentVolume.RESOURCE, "", volume.withMetadata(m -> annotations.isEmpty() ? m : m.withAnnotations(annotations)).withSpec(s -> s.withClaimRef(reference)));
            volumeWrites.wrote("", reserved);
        }
        volumePhase(reserved, "Bound");
        Map<String, String> annotations = new LinkedHashMap<>(claim.metadata().annotations());
        if (claim.spec().volumeName().isEmpty()) {
            annotations.put(BY_CONTROLLER, "yes");
        }
        annotations.put(BOUND, "yes");
        PersistentVolumeClaim named = claim.withMetadata(m -> m.withAnnotations(annotations)).withSpec(s -> s.withVolumeName(volume.metadata().name()));
        PersistentVolumeClaim written = named.equals(claim) ? claim : writeClaim(named);
        if (!written.status().phase().equals("Bound")) {
            PersistentVolumeClaim bound = written.withStatus(s -> s.withPhase("Bound").withAccessModes(volume.spec().accessModes()).withCapacity(volume.spec().capacity()));
            claimWrites.wrote(key(claim), context.client().updateStatus(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), bound));
        }
    }

    private PersistentVolumeClaim writeClaim(PersistentVolumeClaim claim) {
        PersistentVolumeClaim written = context.client().update(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim);
        claimWrites.wrote(key(claim), written);
        return written;
    }

    private void phase(PersistentVolumeClaim claim, String phase) {
        if (!claim.status().phase().equals(phase)) {
            claimWrites.wrote(key(claim), context.client().updateStatus(PersistentVolumeClaim.RESOURCE, claim.metadata().namespace(), claim.withStatus(s -> s.withPhase(phase))));
        }
    }

    private PersistentVolume volumePhase(PersistentVolume volume, String phase) {
        if (volume.status().phase().equals(phase)) {
            return volume;
        }
        PersistentVolume written = context.client().updateStatus(PersistentVolume.RESOURCE, "", volume.withStatus(s -> s.withPhase(phase).withoutMessage()));
        volumeWrites.wrote("", written);
        return written;
    }

    private Outcome reconcileVolume(String name) {
        PersistentVolume volume = volumes.lister().get("", name);
        if (volume == null) {
            return Outcome.DONE;
        }
        if (!volumeWrites.seen("")) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        volume = withDriver(volume);
        ObjectReference reference = volume.spec().claimRef();
        if (!volume.spec().hasClaimRef() || reference.uid().isEmpty()) {
            volumePhase(volume, "Available");
            return Outcome.DONE;
        }
        PersistentVolumeClaim claim = claims.lister().get(reference.namespace(), reference.name());
        if (claim == null || !claim.metadata().uid().equals(reference.uid())) {
            // gone for good, and not only from a cache that is behind
            claim = context.client().find(PersistentVolumeClaim.RESOURCE, reference.namespace(), reference.name());
        }
        if (claim != null && claim.metadata().uid().equals(reference.uid())) {
            if (claim.spec().volumeName().equals(name)) {
                volumePhase(volume, "Bound");
            } else if (claim.spec().volumeName().isEmpty()) {
                claimQueue.add(key(claim));
            } else if (annotated(volume.metadata().annotations(), BY_CONTROLLER)) {
                unbind(volume);
            }
            return Outcome.DONE;
        }
        PersistentVolume released = volume.status().phase().equals("Failed") ? volume : volumePhase(volume, "Released");
        reclaim.of(released);
        return Outcome.DONE;
    }

    /// The claim took another volume: this one is free again.
    private void unbind(PersistentVolume volume) {
        Map<String, String> annotations = new LinkedHashMap<>(volume.metadata().annotations());
        annotations.remove(BY_CONTROLLER);
        PersistentVolume free = volume.withMetadata(m -> annotations.isEmpty() ? m.withoutAnnotations() : m.withAnnotations(annotations)).withSpec(s -> s.withoutClaimRef());
        volumeWrites.wrote("", context.client().update(PersistentVolume.RESOURCE, "", free));
    }
}
