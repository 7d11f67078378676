package io.j8s.controllers.attachdetach;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.AttachedVolume;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Watches pods, claims, volumes, nodes and VolumeAttachments; brings one volume at a time to where it is wanted.
///
/// All state lies in the API: what is attached is what VolumeAttachments and the status of nodes say. A volume is taken from a node only after the node no longer reports it as mounted, except from
/// nodes that are declared out of service, or have been unready for so long that they cannot answer any more. One that only one node may have waits until the other has given it back.
public final class AttachDetachController implements Controller {
    private final Context context;
    /// How long a driver may take before its users are told.
    private static final Duration ATTACHING = Duration.ofMinutes(2);
    private final Settings settings;
    private final Informer<Node> nodes;
    private final Informer<VolumeAttachment> attachments;
    private final Informer<CSIDriver> drivers;
    private final Index<Node> nodesByAttachedVolume;
    private final Wanted wanted;
    private final NodeVolumes reports;
    private final AttachEvents events;
    private final Counter forced;
    /// since when a volume is to be detached from a node, by the timeline's monotonic clock
    private final Map<Place, Long> detachingSince = new ConcurrentHashMap<>();
    /// since when a driver is waited for to attach a volume to a node, by the same clock
    private final Map<Place, Long> attachingSince = new ConcurrentHashMap<>();
    private final WorkQueue<String> queue;
    private final ControllerLoop<String> loop;

    /// @param unmountTimeout after which a volume is taken from a node that is not ready, although that reports it as mounted
    /// @param forceDetachOnTimeout whether that is done at all (`--disable-force-detach-on-timeout`)
    public record Settings(Duration unmountTimeout, boolean forceDetachOnTimeout) {
        public static final Settings DEFAULT = new Settings(Duration.ofMinutes(6), true);
    }

    private record Place(String volume, String node) {}

    public AttachDetachController(Context context, Settings settings, int workers) {
        this.context = context;
        this.settings = settings;
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        Informer<PersistentVolumeClaim> claims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        Informer<PersistentVolume> volumes = context.informers().of(PersistentVolume.RESOURCE);
        this.nodes = context.informers().of(Node.RESOURCE);
        this.attachments = context.informers().of(VolumeAttachment.RESOURCE);
        this.drivers = context.informers().of(CSIDriver.RESOURCE);
        this.nodesByAttachedVolume = nodes.index("attachedVolume", node -> node.status().volumesAttached().stream().map(AttachedVolume::name).toList());
        this.wanted = new Wanted(pods, claims, volumes, nodes.lister());
        this.reports = new NodeVolumes(context.client());
        this.events = new AttachEvents(context);
        this.forced = context.registry().counter("attach_detach_controller_attachdetach_controller_forced_detaches", "[ALPHA] Number of times the A/D Controller performed a forced detach", "reason");
        this.queue = context.queue("attachdetach");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        pods.addHandler(Handler.each(pod -> wanted.uniqueNames(pod).forEach(queue::add)));
        claims.addHandler(Handler.each(claim -> add(wanted.ofClaim(claim))));
        volumes.addHandler(Handler.each(volume -> add(AttachableVolume.of(volume))));
        attachments.addHandler(Handler.each(attachment -> {
            PersistentVolume volume = volumes.lister().get("", attachment.spec().source().persistentVolumeName());
            add(volume == null ? null : AttachableVolume.of(volume));
        }));
        drivers.addHandler(Handler.each(driver -> volumes.lister().list().stream().filter(v -> v.spec().csi().driver().equals(driver.metadata().name())).forEach(v -> add(AttachableVolume.of(v)))));
        nodes.addHandler(new NodeEvents(pods));
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

    private void add(@Nullable AttachableVolume volume) {
        if (volume != null) {
            queue.add(volume.uniqueName());
        }
    }

    private Outcome reconcile(String uniqueName) {
        Map<String, List<Pod>> users = wanted.podsByNode(uniqueName);
        AttachableVolume volume = wanted.volume(uniqueName);
        Set<String> holders = holders(uniqueName, users.keySet());
        Duration recheck = null;
        for (String node : List.copyOf(holders)) {
            if (!users.containsKey(node)) {
                Duration left = detach(uniqueName, node);
                if (left == null) {
                    continue;
                }
                recheck = recheck == null || left.compareTo(recheck) < 0 ? left : recheck;
            } else {
                detachingSince.remove(new Place(uniqueName, node));
            }
        }
        if (volume != null) {
            for (Map.Entry<String, List<Pod>> entry : users.entrySet()) {
                Duration left = attach(volume, entry.getKey(), entry.getValue(), holders);
                recheck = left == null || (recheck != null && recheck.compareTo(left) < 0) ? recheck : left;
            }
        }
        return recheck == null ? Outcome.DONE : Outcome.retryAfter(recheck);
    }

    /// The nodes that have the volume, or are being given it.
    private Set<String> holders(String uniqueName, Set<String> users) {
        Set<String> found = new TreeSet<>();
        nodesByAttachedVolume.get(uniqueName).forEach(node -> found.add(node.metadata().name()));
        for (VolumeAttachment attachment : attachments.lister().list()) {
            if (attachment.metadata().name().equals(AttachableVolume.attachmentName(uniqueName, attachment.spec().nodeName()))) {
                found.add(attachment.spec().nodeName());
            }
        }
        return found;
    }

    /// Null: it is detached, or an event will tell; else how long until it may be.
    private @Nullable Duration detach(String uniqueName, String nodeName) {
        Place place = new Place(uniqueName, nodeName);
        Node node = nodes.lister().get("", nodeName);
        long since = detachingSince.computeIfAbsent(place, p -> context.time().nanoTime());
        Duration left = settings.unmountTimeout().minusNanos(context.time().nanoTime() - since);
        boolean outOfService = node != null && node.spec().taints().stream().anyMatch(t -> t.key().equals(Taints.OUT_OF_SERVICE));
        boolean dead = (node == null || !Nodes.ready(node)) && settings.forceDetachOnTimeout();
        boolean mounted = node == null || NodeVolumes.inUse(node, uniqueName);
        if (mounted && !outOfService && (!dead || left.isPositive())) {
            return dead ? left : null;
        }
        if (mounted) {
            forced.increment(outOfService ? "out-of-service" : "timeout");
        }
        attachingSince.remove(place);
        // first of all the node is no longer told that it may mount
        reports.report(nodeName, uniqueName, false);
        String name = AttachableVolume.attachmentName(uniqueName, nodeName);
        VolumeAttachment attachment = name.isEmpty() ? null : attachments.lister().get("", name);
        if (attachment != null && attachment.metadata().deletionTimestamp() == null) {
            try {
                context.client().delete(VolumeAttachment.RESOURCE, "", name, DeleteOptions.ofUid(attachment.metadata().uid()));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        if (attachment == null) {
            detachingSince.remove(place);
        }
        return null;
    }

    /// How long its driver may still take; null: it is not waited for.
    private @Nullable Duration attach(AttachableVolume volume, String node, List<Pod> users, Set<String> holders) {
        Set<String> others = new TreeSet<>(holders);
        others.remove(node);
        if (!volume.shareable() && !others.isEmpty()) {
            events.exclusive(volume, node, users, wanted.podsByNode(volume.uniqueName()), others);
            return null;
        }
        if (volume.driver().isEmpty()) {
            reportAttached(volume, node, users);
            holders.add(node);
            return null;
        }
        if (!attachRequired(volume.driver())) {
            return null;
        }
        Place place = new Place(volume.uniqueName(), node);
        VolumeAttachment attachment = attachments.lister().get("", volume.attachmentName(node));
        holders.add(node);
        if (attachment == null) {
            create(volume, node);
        } else if (attachment.status().attached()) {
            attachingSince.remove(place);
            reportAttached(volume, node, users);
            return null;
        } else if (attachment.status().hasAttachError() && attachment.metadata().deletionTimestamp() == null) {
            events.failed(volume, attachment, users);
            attachingSince.remove(place);
            return null;
        }
        long now = context.time().nanoTime();
        Duration left = ATTACHING.minusNanos(now - attachingSince.computeIfAbsent(place, p -> now));
        if (left.isPositive()) {
            return left;
        }
        events.late(volume, users);
        attachingSince.put(place, now);
        return ATTACHING;
    }

    private void reportAttached(AttachableVolume volume, String nodeName, List<Pod> users) {
        Node node = nodes.lister().get("", nodeName);
        if (node != null && !NodeVolumes.attached(node, volume.uniqueName())) {
            reports.report(nodeName, volume.uniqueName(), true);
            events.succeeded(volume, users);
        }
    }

    /// A driver that says nothing of itself is taken to need it.
    private boolean attachRequired(String name) {
        CSIDriver driver = drivers.lister().get("", name);
        return driver == null || !driver.spec().hasAttachRequired() || driver.spec().attachRequired();
    }

    private void create(AttachableVolume volume, String node) {
        VolumeAttachment wish = VolumeAttachment.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(volume.attachmentName(node)))
                .withSpec(s -> s.withAttacher(volume.driver()).withNodeName(node).withSource(source -> source.withPersistentVolumeName(volume.displayName())));
        try {
            context.client().create(VolumeAttachment.RESOURCE, "", wish);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private final class NodeEvents implements Handler<Node> {
        private final Index<Pod> podsByNode;

        NodeEvents(Informer<Pod> pods) {
            podsByNode = Nodes.podsByNode(pods);
        }

        @Override
        public void added(Node node) {
            addVolumes(node);
            podsByNode.get(node.metadata().name()).forEach(pod -> wanted.uniqueNames(pod).forEach(queue::add));
        }

        @Override
        public void changed(Node before, Node after) {
            boolean same = before.status().volumesAttached().equals(after.status().volumesAttached())
                    && before.status().volumesInUse().equals(after.status().volumesInUse())
                    && before.spec().taints().equals(after.spec().taints())
                    && Nodes.ready(before) == Nodes.ready(after)
                    && before.metadata().annotations().equals(after.metadata().annotations());
            if (!same) {
                addVolumes(before);
                added(after);
            }
        }

        @Override
        public void deleted(Node last) {
            addVolumes(last);
        }

        private void addVolumes(Node node) {
            List<String> names = new ArrayList<>(node.status().volumesInUse());
            node.status().volumesAttached().forEach(v -> names.add(v.name()));
            names.forEach(queue::add);
        }
    }
}
