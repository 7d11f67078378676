package io.j8s.client.kubeconfig;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one or several kubeconfig files say together (API reference, "Config (v1)"). File names in it are absolute. Empty strings mean not set.
///
/// @param origins the file that each cluster, user and context comes from, by `clusters/NAME`, `users/NAME`, `contexts/NAME`
public record Kubeconfig(Map<String, Cluster> clusters, Map<String, User> users, Map<String, Context> contexts, String currentContext, Map<String, Path> origins) {

    public static final Kubeconfig EMPTY = new Kubeconfig(Map.of(), Map.of(), Map.of(), "", Map.of());

    public Kubeconfig {
        clusters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(clusters));
        users = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(users));
        contexts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(contexts));
        origins = Map.copyOf(origins);
    }

    /// @param authorityData PEM, base64; counts before `authority`, a file
    /// @param proxyUrl a proxy on the way
    public record Cluster(String server, String tlsServerName, boolean insecure, String authority, String authorityData, String proxyUrl) {
        public static Cluster of(String server, String authorityData) {
            return new Cluster(server, "", false, "", authorityData, "");
        }
    }

    /// @param certificateData PEM, base64; counts before `certificate`, a file; likewise for the key
    /// @param tokenFile counts before `token`
    /// @param authProvider the name of a provider of the old kind, which is not supported
    public record User(
            String certificate, String certificateData, String key, String keyData, String token, String tokenFile, String username, String password,
            Impersonate as, @Nullable Exec exec, String authProvider) {

        public static User ofToken(String token) {
            return new User("", "", "", "", token, "", "", "", Impersonate.NONE, null, "");
        }

        public static User ofCertificate(String certificateData, String keyData) {
            return new User("", certificateData, "", keyData, "", "", "", "", Impersonate.NONE, null, "");
        }
    }

    /// Whom to act as.
    public record Impersonate(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
        public static final Impersonate NONE = new Impersonate("", "", List.of(), Map.of());
    }

    /// A credential plugin (client.authentication.k8s.io).
    ///
    /// @param command absolute, or to be found on the PATH
    /// @param interactiveMode `Never`, `IfAvailable` or `Always`
    public record Exec(
            String apiVersion, String command, List<String> args, Map<String, String> env, String installHint, boolean provideClusterInfo, String interactiveMode) {}

    public record Context(String cluster, String user, String namespace) {}

    /// The context with this name.
    ///
    /// @throws KubeconfigException when there is none; the message lists those there are
    public Context context(String name) {
        Context context = contexts.get(name);
        if (context == null) {
            throw new KubeconfigException(name.isEmpty()
                    ? "no context is chosen: set current-context (kubectl config use-context NAME) or name one of " + contexts.keySet()
                    : "there is no context \"" + name + "\" in the kubeconfig; there are " + contexts.keySet());
        }
        return context;
    }
}
