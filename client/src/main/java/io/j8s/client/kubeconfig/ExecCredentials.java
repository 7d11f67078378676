package io.j8s.client.kubeconfig;

import io.j8s.client.https.Credentials;
import io.j8s.client.kubeconfig.Kubeconfig.Cluster;
import io.j8s.client.kubeconfig.Kubeconfig.Exec;
import io.j8s.http.TlsIdentity;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Credentials from a plugin (KEP-541): a program that writes an ExecCredential to its standard output. What it gave is kept until it expires or is refused.
final class ExecCredentials implements Credentials {

    private static final Set<String> VERSIONS = Set.of("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1");

    private final String user;
    private final Exec exec;
    private final Cluster cluster;
    private final Map<String, String> environment;
    private final Timeline timeline;
    private @Nullable Given given;

    /// @param expires null: never
    private record Given(String token, @Nullable TlsIdentity identity, @Nullable Instant expires) {}

    ExecCredentials(String user, Exec exec, Cluster cluster, Map<String, String> environment, Timeline timeline) {
        if (!VERSIONS.contains(exec.apiVersion())) {
            throw new KubeconfigException("user \"" + user + "\": exec apiVersion \"" + exec.apiVersion() + "\" is not supported; use one of " + VERSIONS);
        }
        if (exec.command().isEmpty()) {
            throw new KubeconfigException("user \"" + user + "\": exec has no command");
        }
        this.user = user;
        this.exec = exec;
        this.cluster = cluster;
        this.environment = Map.copyOf(environment);
        this.timeline = timeline;
    }

    @Override
    public @Nullable String authorization() throws IOException {
        String token = current().token();
        return token.isEmpty() ? null : "Bearer " + token;
    }

    @Override
    public @Nullable TlsIdentity identity() {
        try {
            return current().identity();
        } catch (IOException e) {
            return null; // the request asks for the authorization as well, and fails with this
        }
    }

    @Override
    public synchronized boolean refused() {
        given = null;
        return true;
    }

    private synchronized Given current() throws IOException {
        Given kept = given;
        if (kept != null && (kept.expires() == null || timeline.now().isBefore(kept.expires()))) {
            return kept;
        }
        Given fresh = parse(run());
        given = fresh;
        return fresh;
    }

    private byte[] run() throws IOException {
        List<String> command = new ArrayList<>(List.of(exec.command()));
        command.addAll(exec.args());
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean interactive = terminal && !exec.interactiveMode().equals("Never");
        if (exec.interactiveMode().equals("Always") && !terminal) {
            throw new IOException("user \"" + user + "\": the credential plugin " + exec.command() + " needs a terminal, and there is none");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT)
                .redirectInput(interactive ? Redirect.INHERIT : Redirect.from(new java.io.File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(exec.env());
        builder.environment().put("KUBERNETES_EXEC_INFO", info(interactive));
        Process process = start(builder);
        byte[] output = process.getInputStream().readAllBytes();
        int code = waitFor(process);
        if (code != 0) {
            throw new IOException("user \"" + user + "\": the credential plugin " + exec.command() + " failed with exit code " + code);
        }
        return output;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            String hint = exec.installHint().isEmpty() ? "" : "\n" + exec.installHint();
            throw new IOException("user \"" + user + "\": the credential plugin " + exec.command() + " cannot be run: " + e.getMessage() + hint, e);
        }
    }

    private static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a credential plugin ran", e);
        }
    }

    /// What the plugin is told: the version that we speak, whether it may ask, and the cluster when the kubeconfig wants that.
    private String info(boolean interactive) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (exec.provideClusterInfo()) {
            Map<String, Object> about = new LinkedHashMap<>();
            about.put("server", cluster.server());
            if (!cluster.tlsServerName().isEmpty()) {
                about.put("tls-server-name", cluster.tlsServerName());
            }
            if (cluster.insecure()) {
                about.put("insecure-skip-tls-verify", true);
            }
            if (!cluster.authorityData().isEmpty()) {
                about.put("certificate-authority-data", cluster.authorityData());
            }
            spec.put("cluster", about);
        }
        spec.put("interactive", interactive);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("apiVersion", exec.apiVersion());
        info.put("kind", "ExecCredential");
        info.put("spec", spec);
        return new String(Json.writePlain(info), StandardCharsets.UTF_8);
    }

    private Given parse(byte[] output) throws IOException {
        String plugin = "user \"" + user + "\": the credential plugin " + exec.command();
        try {
            if (!(Json.readPlain(output) instanceof Map<?, ?> answer) || !"ExecCredential".equals(answer.get("kind"))) {
                throw new IOException(plugin + " did not answer an ExecCredential");
            }
            if (!exec.apiVersion().equals(answer.get("apiVersion"))) {
                throw new IOException(plugin + " answered in " + answer.get("apiVersion") + "; the kubeconfig expects " + exec.apiVersion());
            }
            if (!(answer.get("status") instanceof Map<?, ?> status)) {
                throw new IOException(plugin + " answered without a status");
            }
            return given(plugin, status);
        } catch (DecodeException e) {
            throw new IOException(plugin + " answered no JSON: " + e.getMessage(), e);
        }
    }

    private Given given(String plugin, Map<?, ?> status) throws IOException {
        String token = text(status, "token");
        String certificate = text(status, "clientCertificateData");
        String key = text(status, "clientKeyData");
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IOException(plugin + " answered only one of clientCertificateData and clientKeyData");
        }
        if (token.isEmpty() && certificate.isEmpty()) {
            throw new IOException(plugin + " answered neither a token nor a certificate");
        }
        String expires = text(status, "expirationTimestamp");
        try {
            return new Given(token, certificate.isEmpty() ? null : ClusterAccess.identity(user, certificate, key), expires.isEmpty() ? null : OffsetDateTime.parse(expires).toInstant());
        } catch (DateTimeParseException e) {
            throw new IOException(plugin + " answered expirationTimestamp \"" + expires + "\", which is no RFC 3339 time", e);
        }
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }
}
