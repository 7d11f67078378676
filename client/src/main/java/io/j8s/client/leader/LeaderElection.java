package io.j8s.client.leader;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.coordination.v1.LeaseSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Competes for a lease and leads while it holds it, as client-go's leaderelection does.
///
/// No clock but the own one is trusted: a lease counts as expired when this process has seen no change of it for its duration. So two leaders are
/// possible only if one of them does not stop within `leaseDuration - renewDeadline` after it could not renew; the body is interrupted at that moment.
public final class LeaderElection {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

    private final Client client;
    private final Timeline time;
    private final LeaderSettings settings;
    private final Gate progress;
    // written by the thread in run(), and, while that waits for it, by the one that renews
    private volatile @Nullable Lease observed;
    private volatile long observedAt;
    private volatile long renewedAt;
    private volatile boolean lost;

    public LeaderElection(Client client, Timeline time, LeaderSettings settings) {
        this.client = client;
        this.time = time;
        this.settings = settings;
        this.progress = time.gate();
    }

    /// Waits for the lease, runs the body on a task of its own while it is held, and returns when it was lost or the body ended (then with the body stopped).
    ///
    /// @throws InterruptedException when interrupted; the body has been stopped and the lease released by then
    public void run(Timeline.Body body) throws InterruptedException {
        acquire();
        LOG.atInfo().addKeyValue("lock", name()).addKeyValue("identity", settings.identity()).log("Successfully acquired lease");
        Task leading = time.start("leading-" + settings.name(), body);
        try {
            renew(leading);
        } finally {
            leading.close();
            if (settings.releases()) {
                release();
            }
        }
    }

    /// Whether this process holds the lease, as far as it knows.
    public boolean leads() {
        return settings.identity().equals(leader());
    }

    /// Who holds the lease, as last seen; empty when nobody does.
    public String leader() {
        Lease lease = observed;
        return lease == null ? "" : lease.spec().holderIdentity();
    }

    private void acquire() throws InterruptedException {
        while (!attempt()) {
            time.sleep(settings.retryPeriod().plusNanos((long) (settings.retryPeriod().toNanos() * LeaderSettings.JITTER * time.random().nextDouble())));
        }
    }

    /// Returns when the body has ended, or the lease was not renewed in time. The attempts are made on a task of their own: one that gets no answer must not keep the body running.
    private void renew(Task leading) throws InterruptedException {
        renewedAt = time.nanoTime();
        lost = false;
        Task renewing = time.start("renewing-" + settings.name(), this::keepRenewing);
        try {
            while (!leading.done() && !expired()) {
                Duration left = Duration.ofNanos(renewedAt + settings.renewDeadline().toNanos() - time.nanoTime());
                progress.await(() -> lost || leading.done(), left.compareTo(settings.retryPeriod()) < 0 ? left : settings.retryPeriod());
            }
            if (expired()) {
                LOG.atInfo().addKeyValue("lock", name()).log("Failed to renew lease, stops leading");
            }
        } finally {
            leading.cancel();
            renewing.close();
        }
    }

    private boolean expired() {
        return lost || time.nanoTime() - renewedAt >= settings.renewDeadline().toNanos();
    }

    private void keepRenewing() throws InterruptedException {
        while (!lost) {
            time.sleep(settings.retryPeriod());
            if (attempt()) {
                renewedAt = time.nanoTime();
            } else if (!leads()) {
                lost = true;
            }
            progress.signal();
        }
    }

    private boolean attempt() {
        try {
            return tryOnce();
        } catch (ApiException e) {
            LOG.atInfo().addKeyValue("lock", name()).addKeyValue("err", e.getMessage()).log("Could not reach or write the lease");
            return false;
        }
    }

    private boolean tryOnce() {
        Lease known = observed;
        if (known != null && leads() && valid(known)) {
            try {
                observe(client.update(Lease.RESOURCE, settings.namespace(), known.withSpec(held(known.spec()))));
                return true;
            } catch (ApiException e) {
                if (!e.isConflict() && !e.isNotFound()) {
                    throw e;
                }
            }
        }
        Lease current = client.find(Lease.RESOURCE, settings.namespace(), settings.name());
        if (current == null) {
            Lease first = Lease.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(settings.name()).withNamespace(settings.namespace())).withSpec(held(LeaseSpec.EMPTY).withLeaseTransitions(0));
            observe(client.create(Lease.RESOURCE, settings.namespace(), first));
            return true;
        }
        if (observed == null || !current.spec().equals(observed.spec())) {
            observe(current);
        }
        if (!current.spec().holderIdentity().isEmpty() && !leads() && valid(current)) {
            return false;
        }
        observe(client.update(Lease.RESOURCE, settings.namespace(), current.withSpec(held(current.spec()))));
        return true;
    }

    /// The spec with this process as the holder.
    private LeaseSpec held(LeaseSpec before) {
        Instant now = time.now().truncatedTo(ChronoUnit.MICROS);
        boolean again = before.holderIdentity().equals(settings.identity());
        Instant acquired = before.acquireTime();
        return before.withHolderIdentity(settings.identity())
                .withLeaseDurationSeconds((int) settings.leaseDuration().toSeconds())
                .withAcquireTime(again && acquired != null ? acquired : now)
                .withRenewTime(now)
                .withLeaseTransitions(again ? before.leaseTransitions() : before.leaseTransitions() + 1);
    }

    private void release() {
        if (!leads()) {
            return;
        }
        try {
            Lease current = client.get(Lease.RESOURCE, settings.namespace(), settings.name());
            if (!current.spec().holderIdentity().equals(settings.identity())) {
                return;
            }
            Instant now = time.now().truncatedTo(ChronoUnit.MICROS);
            LeaseSpec spec = current.spec().withoutHolderIdentity().withLeaseDurationSeconds(1).withAcquireTime(now).withRenewTime(now);
            observe(client.update(Lease.RESOURCE, settings.namespace(), current.withSpec(spec)));
        } catch (ApiException e) {
            LOG.atInfo().addKeyValue("lock", name()).addKeyValue("err", e.getMessage()).log("Could not release the lease; others take it when it expires");
        }
    }

    private boolean valid(Lease lease) {
        return time.nanoTime() - observedAt < Duration.ofSeconds(lease.spec().leaseDurationSeconds()).toNanos();
    }

    private void observe(Lease lease) {
        observed = lease;
        observedAt = time.nanoTime();
    }

    private String name() {
        return settings.namespace() + "/" + settings.name();
    }
}
