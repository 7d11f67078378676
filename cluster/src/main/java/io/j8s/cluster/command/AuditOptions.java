package io.j8s.cluster.command;

import io.j8s.apiserver.audit.AuditSettings;
import io.j8s.apiserver.audit.LogFile;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which requests are recorded, and where (audit.k8s.io).
final class AuditOptions {
    private static final Logger LOG = LoggerFactory.getLogger(AuditOptions.class);
    private static final String VERSION = "audit.k8s.io/v1";

    @Option(names = "--audit-policy-file", paramLabel = "FILE", description = "Which requests are recorded (audit.k8s.io/v1 Policy).")
    private @Nullable Path policy;
    @Option(names = "--audit-log-path", paramLabel = "FILE", description = "Where requests are recorded; -: on standard output.")
    private @Nullable Path log;
    @Option(names = "--audit-log-format", paramLabel = "json|legacy", description = "How a record is written (default: ${DEFAULT-VALUE}).", defaultValue = "json")
    private String format = "json";
    @Option(names = "--audit-log-version", paramLabel = "VERSION", description = "The version of records (default: ${DEFAULT-VALUE}).", defaultValue = VERSION)
    private String logVersion = VERSION;
    @Option(names = "--audit-log-maxsize", paramLabel = "MEGABYTES", description = "A file of this size is put aside (default: ${DEFAULT-VALUE}; 0: never).", defaultValue = "100")
    private int size = 100;
    @Option(names = "--audit-log-maxbackup", paramLabel = "N", description = "How many files that were put aside are kept (default: ${DEFAULT-VALUE}; 0: all).", defaultValue = "100")
    private int backups = 100;
    @Option(names = "--audit-log-maxage", paramLabel = "DAYS", description = "How long they are kept (default: ${DEFAULT-VALUE}; 0: for ever).", defaultValue = "366")
    private int days = 366;
    @Option(names = "--audit-log-compress", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether they are compressed (default: ${DEFAULT-VALUE}).")
    private boolean compress;
    @Mixin
    private AuditLogDelivery logDelivery = new AuditLogDelivery();
    @Option(names = "--audit-webhook-config-file", paramLabel = "FILE", description = "A kubeconfig that names the server that records are posted to.")
    private @Nullable Path webhook;
    @Option(names = "--audit-webhook-version", paramLabel = "VERSION", description = "The version of records (default: ${DEFAULT-VALUE}).", defaultValue = VERSION)
    private String webhookVersion = VERSION;
    @Option(names = {"--audit-webhook-initial-backoff", "--audit-webhook-batch-initial-backoff"}, paramLabel = "DURATION", description = "The first pause after a failure (default: ${DEFAULT-VALUE}).", defaultValue = "10s", converter = GoDuration.class)
    private Duration firstPause = Duration.ofSeconds(10);
    @Mixin
    private AuditWebhookDelivery webhookDelivery = new AuditWebhookDelivery();

    /// Null: nothing is recorded.
    @Nullable AuditSettings settings() {
        AuditSettings.Log toFile = log == null ? null : toFile(log);
        AuditSettings.Webhook toServer = webhook == null ? null : toServer(webhook);
        Path rules = policy;
        if (rules == null) {
            if (toFile != null || toServer != null) {
                LOG.warn("No --audit-policy-file is given: no request is recorded");
            }
            return null;
        }
        return toFile == null && toServer == null ? null : new AuditSettings(rules, toFile, toServer);
    }

    private AuditSettings.Log toFile(Path path) {
        AuditSettings.Delivery delivery = logDelivery.checked();
        checkVersion(logVersion);
        if (!format.equals("json") && !format.equals("legacy")) {
            throw new IllegalArgumentException("invalid audit log format " + format + ", allowed formats are \"legacy,json\"");
        }
        notNegative("--audit-log-maxage", days);
        notNegative("--audit-log-maxbackup", backups);
        notNegative("--audit-log-maxsize", size);
        return new AuditSettings.Log(new LogFile.Settings(path.toString().equals("-") ? null : path, (long) size << 20, backups, Duration.ofDays(days), compress), format.equals("legacy"), delivery);
    }

    private AuditSettings.Webhook toServer(Path kubeconfig) {
        AuditSettings.Delivery delivery = webhookDelivery.checked();
        checkVersion(webhookVersion);
        return new AuditSettings.Webhook(kubeconfig, firstPause, delivery);
    }

    private static void checkVersion(String version) {
        if (!version.equals(VERSION)) {
            throw new IllegalArgumentException("invalid group version, allowed versions are [\"audit.k8s.io/v1\"]: " + version);
        }
    }

    private static void notNegative(String flag, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(flag + " " + value + " can't be a negative number");
        }
    }
}
