package io.j8s.controllers.selinuxwarning;

import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.attachdetach.AttachableVolume;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.MountedClaims;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.SELinuxOptions;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.storage.v1.CSIDriver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Watches pods, claims, volumes and drivers. Says by events and a metric which pods want different SELinux labels, or ways to apply them, of one volume, wherever they run.
/// Only volumes that can be mounted with a label (of CSI drivers that say so, iSCSI, fibre channel) can conflict by it.
public final class SelinuxWarningController implements Controller {
    private static final String RECURSIVE = "Recursive";
    private static final String MOUNT = "MountOption";
    private final Informer<Pod> pods;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<CSIDriver> drivers;
    private final Index<Pod> podsByClaim;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final VolumeLabels labels = new VolumeLabels();

    public SelinuxWarningController(Context context, int workers) {
        this.pods = context.informers().of(Pod.RESOURCE);
        this.claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        this.volumes = context.informers().of(PersistentVolume.RESOURCE);
        this.drivers = context.informers().of(CSIDriver.RESOURCE);
        this.podsByClaim = MountedClaims.index(pods);
        this.queue = context.queue("selinux_warning");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("selinux_warning");
        pods.addHandler(new PodChanges());
        claims.addHandler(Handler.each(claim -> enqueueUsers(claim.metadata().namespace(), claim.metadata().name())));
        volumes.addHandler(Handler.each(volume -> enqueueUsers(volume.spec().claimRef().namespace(), volume.spec().claimRef().name())));
        drivers.addHandler(Handler.each(driver -> labels.podsOf(driver.metadata().name()).forEach(queue::add)));
        context.registry().gauge("selinux_warning_controller_selinux_volume_conflict", "[ALPHA] Conflict between two Pods using the same volume",
                "property", "pod1_namespace", "pod1_name", "pod1_value", "pod2_namespace", "pod2_name", "pod2_value").ofAll(this::series);
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private Map<List<String>, Double> series() {
        return labels.conflicts().stream().collect(Collectors.toMap(
                c -> List.of(c.property(), c.pod().namespace(), c.pod().name(), c.value(), c.other().namespace(), c.other().name(), c.otherValue()), c -> 1.0));
    }

    private void enqueueUsers(String namespace, String claim) {
        podsByClaim.get(new ObjectKey(namespace, claim).toString()).forEach(this::enqueue);
    }

    private void enqueue(Pod pod) {
        queue.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
    }

    /// What matters of a pod cannot be changed, but for its end.
    private final class PodChanges implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            enqueue(pod);
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (Pods.finished(before) != Pods.finished(after) || !before.metadata().uid().equals(after.metadata().uid())) {
                enqueue(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            enqueue(last);
        }
    }

    private Outcome reconcile(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        if (pod == null || Pods.finished(pod)) {
            labels.remove(key);
            return Outcome.DONE;
        }
        for (Volume volume : pod.spec().volumes()) {
            AttachableVolume known = attachable(pod, volume);
            if (known != null && mounts(pod, volume.name()).findAny().isPresent()) {
                look(pod, key, volume, known);
            }
        }
        return Outcome.DONE;
    }

    /// Null: it is of a kind that knows no labels, or not bound yet; it comes back when it is.
    private @Nullable AttachableVolume attachable(Pod pod, Volume volume) {
        String claimName = MountedClaims.name(pod, volume);
        if (claimName.isEmpty()) {
            return AttachableVolume.of(volume);
        }
        PersistentVolumeClaim claim = claims.lister().get(pod.metadata().namespace(), claimName);
        if (claim == null) {
            return null;
        }
        PersistentVolume bound = volumes.lister().get("", claim.spec().volumeName());
        return bound == null || !bound.spec().claimRef().uid().equals(claim.metadata().uid()) ? null : AttachableVolume.of(bound);
    }

    private void look(Pod pod, ObjectKey key, Volume volume, AttachableVolume known) {
        Set<String> wanted = mounts(pod, volume.name()).filter(c -> pod.spec().securityContext().hasSeLinuxOptions() || c.securityContext().hasSeLinuxOptions())
                .map(container -> label(pod, container)).collect(Collectors.toSet());
        if (wanted.size() > 1) {
            events.warning(pod, "MultipleSELinuxLabels", "Volume \"" + volume.name() + "\" is mounted twice with different SELinux labels inside this pod");
            throw new IllegalStateException("volume " + volume.name() + " of pod " + key + " is mounted with several SELinux labels: " + String.join(",", wanted));
        }
        String asked = pod.spec().securityContext().hasSeLinuxChangePolicy() ? pod.spec().securityContext().seLinuxChangePolicy() : MOUNT;
        String label = asked.equals(RECURSIVE) || !mountableWithLabel(known) ? "" : wanted.stream().findFirst().orElse("");
        List<Conflict> conflicts = labels.add(known.uniqueName(), key, new VolumeLabels.Use(label, label.isEmpty() ? RECURSIVE : asked), known.driver());
        for (Conflict conflict : conflicts) {
            Pod told = pods.lister().get(conflict.pod());
            if (told == null) {
                return; // solved meanwhile
            }
            events.normal(told, conflict.reason(), conflict.message());
        }
    }

    private boolean mountableWithLabel(AttachableVolume volume) {
        if (volume.driver().isEmpty()) {
            return true;
        }
        CSIDriver driver = drivers.lister().get("", volume.driver());
        return driver != null && driver.spec().seLinuxMount();
    }

    private static Stream<Container> mounts(Pod pod, String volume) {
        return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).filter(c -> c.volumeMounts().stream().anyMatch(m -> m.name().equals(volume)));
    }

    /// What a node would label by default is not known here: what is not given stays empty.
    private static String label(Pod pod, Container container) {
        SELinuxOptions options = container.securityContext().hasSeLinuxOptions() ? container.securityContext().seLinuxOptions() : pod.spec().securityContext().seLinuxOptions();
        String label = String.join(":", options.user(), options.role(), options.type(), options.level());
        return label.equals(":::") ? "" : label;
    }
}
