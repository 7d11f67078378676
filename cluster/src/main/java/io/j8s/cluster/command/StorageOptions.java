package io.j8s.cluster.command;

import io.j8s.apiserver.OperatingSettings;
import io.j8s.cluster.server.EncryptionSettings;
import io.j8s.cluster.server.EtcdStandIn;
import io.j8s.cluster.server.StorageSettings;
import io.j8s.etcd.EtcdOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where kube-apiserver keeps objects: in the embedded store, or in an etcd as upstream's flags say.
final class StorageOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where objects are kept by the embedded store (instead of --etcd-servers).")
    private @Nullable Path dataDir;
    @Option(names = "--etcd-servers", paramLabel = "URLS", split = ",", description = "The etcd (3.4 or newer) that keeps objects, as https://host:port or http://host:port.")
    private List<String> servers = new ArrayList<>();
    @Option(names = "--etcd-cafile", paramLabel = "FILE", description = "The authorities that sign etcd's certificates.")
    private @Nullable Path authorities;
    @Option(names = "--etcd-certfile", paramLabel = "FILE", description = "What the server shows to etcd.")
    private @Nullable Path certificate;
    @Option(names = "--etcd-keyfile", paramLabel = "FILE", description = "Its key.")
    private @Nullable Path key;
    @Option(names = "--etcd-prefix", paramLabel = "PREFIX", description = "What all keys in etcd begin with (default: ${DEFAULT-VALUE}).", defaultValue = "/registry")
    private String prefix = "/registry";
    @Option(names = "--etcd-servers-overrides", paramLabel = "RESOURCE#URLS", split = ",", description = "Refused: one etcd keeps everything.")
    private List<String> overrides = new ArrayList<>();
    @Option(names = "--etcd-compaction-interval", paramLabel = "DURATION", description = "How often history is forgotten; 0: never (default: ${DEFAULT-VALUE}).", defaultValue = "5m0s", converter = GoDuration.class)
    private Duration compaction = Duration.ofMinutes(5);
    @Option(names = "--etcd-healthcheck-timeout", paramLabel = "DURATION", description = "How long etcd may take to answer health checks (default: ${DEFAULT-VALUE}).", defaultValue = "2s", converter = GoDuration.class)
    private Duration healthCheck = Duration.ofSeconds(2);
    @Option(names = "--etcd-readycheck-timeout", paramLabel = "DURATION", description = "How long etcd may take to answer checks of readiness (default: ${DEFAULT-VALUE}).", defaultValue = "2s", converter = GoDuration.class)
    private Duration readyCheck = Duration.ofSeconds(2);
    @Option(names = "--storage-backend", paramLabel = "NAME", description = "etcd3, the only one.", defaultValue = "etcd3")
    private String backend = "etcd3";
    @Option(names = "--storage-media-type", paramLabel = "TYPE", description = "application/vnd.kubernetes.protobuf, the only one that is written; JSON is read, too.", defaultValue = "application/vnd.kubernetes.protobuf")
    private String mediaType = "application/vnd.kubernetes.protobuf";

    @Option(names = "--encryption-provider-config", paramLabel = "FILE", description = "Which resources are encrypted where they are stored, and how (apiserver.config.k8s.io/v1 EncryptionConfiguration).")
    private @Nullable Path encryption;
    @Option(names = "--encryption-provider-config-automatic-reload", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false",
            description = "Whether that file is read again when it changes (default: ${DEFAULT-VALUE}).")
    private boolean encryptionReloads;
    @Option(names = "--etcd-stand-in", hidden = true, description = "--etcd-servers may name the stand-in of bin/envtest/etcd.")
    private boolean standIn;

    StorageSettings storage() {
        if (!backend.equals("etcd3")) {
            throw new IllegalArgumentException("--storage-backend: \"" + backend + "\" is not supported; supported is etcd3");
        }
        if (!mediaType.equals("application/vnd.kubernetes.protobuf")) {
            throw new IllegalArgumentException("--storage-media-type: \"" + mediaType + "\" is not supported; objects are written as application/vnd.kubernetes.protobuf (and read as JSON, too)");
        }
        if (!overrides.isEmpty()) {
            throw new IllegalArgumentException("--etcd-servers-overrides is not supported: all objects are kept in the etcd of --etcd-servers, so that they share one order of revisions; leave it out");
        }
        if (!servers.isEmpty()) {
            StorageSettings.Etcd etcd = new StorageSettings.Etcd(new EtcdOptions(servers, authorities, certificate, key, PATIENCE), prefix);
            return standIn ? EtcdStandIn.beside(etcd) : etcd;
        }
        Path directory = dataDir;
        if (directory == null) {
            throw new IllegalArgumentException("either --etcd-servers (an etcd) or --data-dir (the embedded store) must say where objects are kept");
        }
        return new StorageSettings.Embedded(directory.toAbsolutePath());
    }

    /// Where certificates are made when nothing else is said.
    Path certificates() {
        Path directory = dataDir;
        return directory == null ? Path.of("/var/run/kubernetes") : directory.toAbsolutePath().resolve("pki");
    }

    EncryptionSettings encryption() {
        if (encryptionReloads && encryption == null) {
            throw new IllegalArgumentException("--encryption-provider-config-automatic-reload must be set with --encryption-provider-config");
        }
        return new EncryptionSettings(encryption, encryptionReloads);
    }

    OperatingSettings operating() {
        return OperatingSettings.DEFAULT.withCompaction(compaction).withStoreCheck(healthCheck.compareTo(readyCheck) > 0 ? healthCheck : readyCheck);
    }
}
