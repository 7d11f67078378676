package io.j8s.cluster.server;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.coordination.v1.LeaseSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says that this API server lives (KEP-1965): a Lease in kube-system, named after the host, renewed every ten seconds. Every hour, leases of servers that are gone are removed.
final class IdentityLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityLease.class);
    private static final String NAMESPACE = "kube-system";
    private static final String IDENTITY = "apiserver.kubernetes.io/identity";
    private static final String COMPONENT = "kube-apiserver";
    private static final String ADDRESS = "kubernetes.io/peer-advertise-address";
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final int LIFE_SECONDS = 3600;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_BYTES = 16;

    private final Client client;
    private final Timeline timeline;
    private final String host;
    private final String address;
    private final String name;
    private final String holder;
    private final Gate end;
    private final Task task;
    private volatile boolean closed;

    /// @param client carries the server's own identity
    /// @param address where other servers reach this one, as `host:port`
    IdentityLease(Client client, Timeline timeline, String host, String address) {
        this.client = client;
        this.timeline = timeline;
        this.host = host;
        this.address = address;
        this.name = name(host);
        this.holder = name + "_" + new UUID(timeline.random().nextLong() & ~0xF000L | 0x4000L, timeline.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE);
        this.end = timeline.gate();
        this.task = timeline.start("API server's identity", this::run);
    }

    /// The same for every start of a server on this host, and upstream's for it.
    static String name(String host) {
        try {
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            for (String part : new String[] {host, COMPONENT}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                parts.writeBytes(ByteBuffer.allocate(2).putShort((short) bytes.length).array());
                parts.writeBytes(bytes);
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(parts.toByteArray());
            StringBuilder text = new StringBuilder("apiserver-");
            for (int bit = 0; bit < ID_BYTES * 8; bit += 5) {
                int window = (digest[bit / 8] & 0xFF) << 8 | (bit / 8 + 1 < ID_BYTES ? digest[bit / 8 + 1] & 0xFF : 0);
                text.append(BASE32.charAt(window >> (11 - bit % 8) & 31));
            }
            return text.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private void run() throws InterruptedException {
        long cleaned = timeline.nanoTime() - Duration.ofSeconds(LIFE_SECONDS).toNanos();
        while (!closed) {
            try {
                renew();
                if (timeline.nanoTime() - cleaned >= Duration.ofSeconds(LIFE_SECONDS).toNanos()) {
                    cleaned = timeline.nanoTime();
                    removeExpired();
                }
            } catch (ApiException e) {
                LOG.info("the lease of this API server's identity cannot be renewed now, which is tried again: {}", e.getMessage());
            }
            end.await(() -> closed, RENEW);
        }
    }

    private void renew() {
        Lease known = client.find(Lease.RESOURCE, NAMESPACE, name);
        Instant now = timeline.now().truncatedTo(ChronoUnit.MICROS);
        LeaseSpec spec = LeaseSpec.EMPTY.withHolderIdentity(holder).withLeaseDurationSeconds(LIFE_SECONDS).withRenewTime(now);
        ObjectMeta meta = (known == null ? ObjectMeta.EMPTY.withName(name).withNamespace(NAMESPACE) : known.metadata())
                .withLabels(Map.of(IDENTITY, COMPONENT, "kubernetes.io/hostname", host));
        Lease wanted = (known == null ? Lease.EMPTY : known).withMetadata(address.isEmpty() ? meta : meta.withAnnotations(Map.of(ADDRESS, address))).withSpec(spec);
        if (known == null) {
            client.create(Lease.RESOURCE, NAMESPACE, wanted);
        } else {
            client.update(Lease.RESOURCE, NAMESPACE, wanted);
        }
    }

    private void removeExpired() {
        for (Lease lease : client.list(Lease.RESOURCE, NAMESPACE, ListOptions.labels(IDENTITY + "=" + COMPONENT)).items()) {
            Instant renewed = lease.spec().renewTime();
            if (renewed == null || renewed.plusSeconds(lease.spec().leaseDurationSeconds()).isBefore(timeline.now())) {
                LOG.info("the API server {} has not been heard of for long: its lease is removed", lease.metadata().name());
                client.delete(Lease.RESOURCE, NAMESPACE, lease.metadata().name(), DeleteOptions.DEFAULT);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        end.signal();
        task.close();
    }
}
