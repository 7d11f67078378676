package io.j8s.client.kubeconfig;

import io.j8s.client.kubeconfig.Kubeconfig.Cluster;
import io.j8s.client.kubeconfig.Kubeconfig.Context;
import io.j8s.client.kubeconfig.Kubeconfig.User;
import io.j8s.runtime.Timeline;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The kubeconfig files that count, by client-go's rules: the one that `--kubeconfig` names, and no other; or those of `$KUBECONFIG`, of which the first to hold an entry
/// wins and missing ones are passed over; or `~/.kube/config`.
///
/// A change is made in the file that holds the entry; a new entry goes to the first file that exists, else to the last of the list, which is created (0600). Writers take
/// `FILE.lock`, made exclusively, and remove it.
public final class KubeconfigFiles {

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOCK_PAUSE = Duration.ofMillis(50);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final List<String> CLUSTER_FIELDS =
            List.of("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data", "proxy-url");
    private static final List<String> USER_FIELDS = List.of("client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile", "username",
            "password", "as", "as-uid", "as-groups", "as-user-extra", "auth-provider", "exec");
    private static final List<String> CONTEXT_FIELDS = List.of("cluster", "user", "namespace");

    private final List<Path> files;
    private final boolean mustExist;
    private final Timeline timeline;

    private KubeconfigFiles(List<Path> files, boolean mustExist, Timeline timeline) {
        this.files = List.copyOf(files);
        this.mustExist = mustExist;
        this.timeline = timeline;
    }

    /// @param explicit the value of `--kubeconfig`; empty: not given
    /// @param environment the process's, for `KUBECONFIG`
    /// @param home the user's home directory
    public static KubeconfigFiles find(String explicit, Map<String, String> environment, Path home, Timeline timeline) {
        if (!explicit.isEmpty()) {
            return new KubeconfigFiles(List.of(Path.of(explicit)), true, timeline);
        }
        List<Path> listed = new ArrayList<>();
        for (String each : environment.getOrDefault("KUBECONFIG", "").split(Pattern.quote(File.pathSeparator), -1)) {
            if (!each.isEmpty() && !listed.contains(Path.of(each))) {
                listed.add(Path.of(each));
            }
        }
        return new KubeconfigFiles(listed.isEmpty() ? List.of(home.resolve(".kube").resolve("config")) : listed, false, timeline);
    }

    /// In order of precedence.
    public List<Path> files() {
        return files;
    }

    /// Reads and merges the files. None there at all gives an empty one, unless it was named explicitly.
    ///
    /// @throws KubeconfigException when a file cannot be read
    public Kubeconfig load() {
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        Map<String, User> users = new LinkedHashMap<>();
        Map<String, Context> contexts = new LinkedHashMap<>();
        Map<String, Path> origins = new LinkedHashMap<>();
        String current = "";
        for (KubeconfigDocument document : documents()) {
            document.clusters().forEach((name, cluster) -> add(clusters, name, cluster, KubeconfigDocument.CLUSTERS, document, origins));
            document.users().forEach((name, user) -> add(users, name, user, KubeconfigDocument.USERS, document, origins));
            document.contexts().forEach((name, context) -> add(contexts, name, context, KubeconfigDocument.CONTEXTS, document, origins));
            current = current.isEmpty() ? document.currentContext() : current;
        }
        return new Kubeconfig(clusters, users, contexts, current, origins);
    }

    private static <V> void add(Map<String, V> all, String name, V value, String section, KubeconfigDocument document, Map<String, Path> origins) {
        if (all.putIfAbsent(name, value) == null) {
            origins.put(section + "/" + name, document.file());
        }
    }

    private List<KubeconfigDocument> documents() {
        List<KubeconfigDocument> documents = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file) || mustExist) {
                documents.add(KubeconfigDocument.read(file));
            }
        }
        return documents;
    }

    // ---- changes

    public void setCluster(String name, Cluster cluster) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "server", cluster.server());
        put(fields, "tls-server-name", cluster.tlsServerName());
        if (cluster.insecure()) {
            fields.put("insecure-skip-tls-verify", true);
        }
        put(fields, "certificate-authority", cluster.authority());
        put(fields, "certificate-authority-data", cluster.authorityData());
        put(fields, "proxy-url", cluster.proxyUrl());
        change(holder(KubeconfigDocument.CLUSTERS, name), document -> document.put(KubeconfigDocument.CLUSTERS, name, CLUSTER_FIELDS, fields));
    }

    public void setUser(String name, User user) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "client-certificate", user.certificate());
        put(fields, "client-certificate-data", user.certificateData());
        put(fields, "client-key", user.key());
        put(fields, "client-key-data", user.keyData());
        put(fields, "token", user.token());
        put(fields, "tokenFile", user.tokenFile());
        put(fields, "username", user.username());
        put(fields, "password", user.password());
        put(fields, "as", user.as().user());
        put(fields, "as-uid", user.as().uid());
        if (!user.as().groups().isEmpty()) {
            fields.put("as-groups", user.as().groups());
        }
        if (!user.as().extra().isEmpty()) {
            fields.put("as-user-extra", user.as().extra());
        }
        Kubeconfig.Exec exec = user.exec();
        if (exec != null) {
            fields.put("exec", fields(exec));
        }
        change(holder(KubeconfigDocument.USERS, name), document -> document.put(KubeconfigDocument.USERS, name, USER_FIELDS, fields));
    }

    private static Map<String, Object> fields(Kubeconfig.Exec exec) {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "apiVersion", exec.apiVersion());
        put(fields, "command", exec.command());
        fields.put("args", exec.args());
        List<Object> env = new ArrayList<>();
        exec.env().forEach((key, value) -> env.add(Map.of("name", key, "value", value)));
        fields.put("env", env);
        put(fields, "installHint", exec.installHint());
        fields.put("provideClusterInfo", exec.provideClusterInfo());
        put(fields, "interactiveMode", exec.interactiveMode());
        return fields;
    }

    public void setContext(String name, Context context) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cluster", context.cluster());
        fields.put("user", context.user());
        put(fields, "namespace", context.namespace());
        change(holder(KubeconfigDocument.CONTEXTS, name), document -> document.put(KubeconfigDocument.CONTEXTS, name, CONTEXT_FIELDS, fields));
    }

    /// Makes a context the current one: in the file that names the current one now, as it is the one that counts.
    public void setCurrentContext(String name) {
        Path target = null;
        for (KubeconfigDocument document : documentsThere()) {
            if (target == null && !document.currentContext().isEmpty()) {
                target = document.file();
            }
        }
        change(target == null ? fallback() : target, document -> document.currentContext(name));
    }

    /// Removes an entry from every file, so that no shadowed one comes to light. Nothing happens when there is none.
    public void removeCluster(String name) {
        remove(KubeconfigDocument.CLUSTERS, name);
    }

    public void removeUser(String name) {
        remove(KubeconfigDocument.USERS, name);
    }

    /// Also ends its being the current one.
    public void removeContext(String name) {
        remove(KubeconfigDocument.CONTEXTS, name);
        for (KubeconfigDocument each : documentsThere()) {
            if (each.currentContext().equals(name)) {
                change(each.file(), document -> document.currentContext(""));
            }
        }
    }

    private void remove(String section, String name) {
        for (KubeconfigDocument each : documentsThere()) {
            if (each.has(section, name)) {
                change(each.file(), document -> document.remove(section, name));
            }
        }
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private Path holder(String section, String name) {
        for (KubeconfigDocument document : documentsThere()) {
            if (document.has(section, name)) {
                return document.file();
            }
        }
        return fallback();
    }

    private List<KubeconfigDocument> documentsThere() {
        return files.stream().filter(Files::exists).map(KubeconfigDocument::read).toList();
    }

    private Path fallback() {
        return files.stream().filter(Files::exists).findFirst().orElse(files.getLast());
    }

    private void change(Path file, Consumer<KubeconfigDocument> change) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path lock = lock(file);
            try {
                KubeconfigDocument document = Files.exists(file) ? KubeconfigDocument.read(file) : KubeconfigDocument.empty(file);
                change.accept(document);
                replace(file, document.text());
            } finally {
                Files.deleteIfExists(lock);
            }
        } catch (IOException e) {
            throw new KubeconfigException("cannot write the kubeconfig " + file + ": " + e, e);
        }
    }

    private Path lock(Path file) throws IOException {
        Path lock = Path.of(file + ".lock");
        long begun = timeline.nanoTime();
        while (true) {
            try {
                return Files.createFile(lock, PosixFilePermissions.asFileAttribute(PRIVATE));
            } catch (FileAlreadyExistsException e) {
                if (timeline.nanoTime() - begun >= LOCK_PATIENCE.toNanos()) {
                    throw new KubeconfigException("the kubeconfig " + file + " is being changed by somebody else: " + lock + " exists; if nobody is, remove it", e);
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            timeline.sleep(LOCK_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubeconfigException("interrupted while waiting for another writer of the kubeconfig", e);
        }
    }

    /// Whole or not at all; links are followed, permissions kept.
    private static void replace(Path file, String text) throws IOException {
        Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Set<PosixFilePermission> permissions = Files.exists(real) ? Files.getPosixFilePermissions(real) : PRIVATE;
        @Nullable Path parent = real.getParent();
        Path fresh = parent == null ? Files.createTempFile(".kubeconfig", ".new") : Files.createTempFile(parent, ".kubeconfig", ".new");
        try {
            Files.writeString(fresh, text);
            Files.setPosixFilePermissions(fresh, permissions);
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
