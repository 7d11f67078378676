package io.j8s.cluster.server;

import io.j8s.cluster.host.Failure;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A certificate and its key in two files, which may be replaced while the server runs: connections that are made afterwards see the new ones. Files that do not fit each other, because
/// only one of them is new yet, leave the old pair in use.
public final class IdentityFiles {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityFiles.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path certificate;
    private final Path key;
    private final Timeline timeline;
    private volatile Pair pair;
    private volatile long lookedNanos;

    private record Pair(TlsIdentity identity, FileTime certificateTime, FileTime keyTime) {}

    private IdentityFiles(Path certificate, Path key, Timeline timeline) {
        this.certificate = certificate;
        this.key = key;
        this.timeline = timeline;
        this.pair = load();
        this.lookedNanos = timeline.nanoTime();
    }

    /// Reads them; a [Failure] says what is wrong with them.
    public static IdentityFiles read(Path certificate, Path key) {
        return new IdentityFiles(certificate, key, Timeline.system());
    }

    private Pair load() {
        try {
            FileTime certificateTime = Files.getLastModifiedTime(certificate);
            FileTime keyTime = Files.getLastModifiedTime(key);
            return new Pair(TlsIdentity.fromPem(Files.readString(certificate), Files.readString(key)), certificateTime, keyTime);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.PROGRAM, certificate + ", " + key + ": cannot be read: " + e, "name a certificate and its key in PEM", e);
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.PROGRAM, certificate + ", " + key + ": " + e.getMessage(), "give a certificate and its key in PEM", e);
        }
    }

    /// What is in the files now; looked at again at most once a second.
    public TlsIdentity identity() {
        long now = timeline.nanoTime();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            reload();
        }
        return pair.identity;
    }

    private synchronized void reload() {
        Pair known = pair;
        try {
            if (!Files.getLastModifiedTime(certificate).equals(known.certificateTime) || !Files.getLastModifiedTime(key).equals(known.keyTime)) {
                pair = load();
                LOG.info("The certificate in {} was read anew", certificate);
            }
        } catch (IOException | Failure e) {
            LOG.warn("{} and {} cannot be used, the former ones go on being used: {}", certificate, key, e.getMessage());
        }
    }
}
