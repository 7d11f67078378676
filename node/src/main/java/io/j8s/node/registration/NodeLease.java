package io.j8s.node.registration;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.coordination.v1.LeaseSpec;
import io.j8s.model.core.v1.Node;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.runtime.Timeline;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node's lease (KEP-589): renewed while the node lives. For one thread.
public final class NodeLease {
    /// Where the leases of nodes are.
    public static final String NAMESPACE = "kube-node-lease";
    private final Client client;
    private final Timeline timeline;
    private final String node;
    private final int durationSeconds;
    private @Nullable Lease last;

    public NodeLease(Client client, Timeline timeline, String node, int durationSeconds) {
        this.client = client;
        this.timeline = timeline;
        this.node = node;
        this.durationSeconds = durationSeconds;
    }

    /// Renews the lease, or creates it.
    ///
    /// @param owner the node's uid; empty when it is not known yet: the reference to the owner is added later
    public void renew(String owner) {
        Lease known = last != null ? last : client.find(Lease.RESOURCE, NAMESPACE, node);
        try {
            last = known == null ? client.create(Lease.RESOURCE, NAMESPACE, renewed(Lease.EMPTY, owner)) : client.update(Lease.RESOURCE, NAMESPACE, renewed(known, owner));
        } catch (ApiException e) {
            last = null;
            if (!e.isConflict() && !e.isNotFound() && !e.alreadyExists()) {
                throw e;
            }
            Lease newest = client.find(Lease.RESOURCE, NAMESPACE, node);
            last = newest == null ? client.create(Lease.RESOURCE, NAMESPACE, renewed(Lease.EMPTY, owner)) : client.update(Lease.RESOURCE, NAMESPACE, renewed(newest, owner));
        }
    }

    private Lease renewed(Lease lease, String owner) {
        ObjectMeta metadata = lease.metadata().withName(node).withNamespace(NAMESPACE);
        if (!owner.isEmpty() && metadata.ownerReferences().isEmpty()) {
            metadata = metadata.withOwnerReferences(List.of(OwnerReference.EMPTY
                    .withApiVersion(Node.RESOURCE.apiVersion()).withKind("Node").withName(node).withUid(owner)));
        }
        LeaseSpec spec = lease.spec().withHolderIdentity(node).withLeaseDurationSeconds(durationSeconds).withRenewTime(timeline.now().truncatedTo(ChronoUnit.MICROS));
        return lease.withMetadata(metadata).withSpec(spec);
    }
}
