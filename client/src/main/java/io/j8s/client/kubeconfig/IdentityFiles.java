package io.j8s.client.kubeconfig;

import io.j8s.client.kubeconfig.Kubeconfig.User;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client certificate and key in files that somebody may renew: looked at again every ten seconds, read again when they have changed. While new ones do not fit each other the old
/// ones stay.
final class IdentityFiles implements Supplier<@Nullable TlsIdentity> {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityFiles.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final String user;
    private final User entry;
    private final Timeline timeline;
    private @Nullable TlsIdentity identity;
    private String stamp = "";
    private long lookedNanos;

    IdentityFiles(String user, User entry, Timeline timeline) {
        this.user = user;
        this.entry = entry;
        this.timeline = timeline;
    }

    @Override
    public synchronized @Nullable TlsIdentity get() {
        long now = timeline.nanoTime();
        if (identity == null || now - lookedNanos >= LOOK_EVERY.toNanos()) {
            lookedNanos = now;
            look();
        }
        return identity;
    }

    private void look() {
        String seen = stamp(entry.certificate()) + stamp(entry.key());
        if (identity != null && seen.equals(stamp)) {
            return;
        }
        try {
            String certificate = entry.certificateData().isEmpty() ? ClusterAccess.read(Path.of(entry.certificate())) : ClusterAccess.decoded(user, entry.certificateData());
            String key = entry.keyData().isEmpty() ? ClusterAccess.read(Path.of(entry.key())) : ClusterAccess.decoded(user, entry.keyData());
            identity = ClusterAccess.identity(user, certificate, key);
            stamp = seen;
        } catch (KubeconfigException e) {
            if (identity == null) {
                throw e;
            }
            LOG.warn("the renewed client certificate of user {} is not usable yet, the old one stays: {}", user, e.getMessage());
        }
    }

    private static String stamp(String file) {
        try {
            FileTime changed = file.isEmpty() ? FileTime.fromMillis(0) : Files.getLastModifiedTime(Path.of(file));
            return changed + " ";
        } catch (IOException e) {
            return "missing ";
        }
    }
}
