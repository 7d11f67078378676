package io.j8s.client.kubeconfig;

import io.j8s.client.kubeconfig.Kubeconfig.Cluster;
import io.j8s.client.kubeconfig.Kubeconfig.Context;
import io.j8s.client.kubeconfig.Kubeconfig.Exec;
import io.j8s.client.kubeconfig.Kubeconfig.Impersonate;
import io.j8s.client.kubeconfig.Kubeconfig.User;
import io.j8s.model.DecodeException;
import io.j8s.model.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One kubeconfig file as it stands, so that a change of one entry leaves everything else in it, known or not, as it was.
final class KubeconfigDocument {

    static final String CLUSTERS = "clusters";
    static final String USERS = "users";
    static final String CONTEXTS = "contexts";
    private static final String CURRENT = "current-context";

    private final Path file;
    private final Map<String, Object> fields;

    private KubeconfigDocument(Path file, Map<String, Object> fields) {
        this.file = file;
        this.fields = fields;
    }

    static KubeconfigDocument empty(Path file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("apiVersion", "v1");
        fields.put("kind", "Config");
        return new KubeconfigDocument(file, fields);
    }

    /// @throws KubeconfigException when the file cannot be read as one
    static KubeconfigDocument read(Path file) {
        try {
            List<Object> documents = Yaml.readAll(Files.readAllBytes(file));
            documents = documents.stream().filter(each -> each instanceof Map<?, ?>).toList();
            if (documents.isEmpty()) {
                return empty(file);
            }
            return new KubeconfigDocument(file, mutable((Map<?, ?>) documents.getFirst()));
        } catch (IOException e) {
            throw new KubeconfigException("cannot read the kubeconfig " + file + ": " + e, e);
        } catch (DecodeException e) {
            throw new KubeconfigException("the kubeconfig " + file + " is malformed: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> mutable(Map<?, ?> fields) {
        Map<String, Object> copy = new LinkedHashMap<>();
        fields.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    Path file() {
        return file;
    }

    String text() {
        return Yaml.writePlain(fields);
    }

    // ---- entries

    String currentContext() {
        return text(fields, CURRENT);
    }

    void currentContext(String name) {
        fields.put(CURRENT, name);
    }

    boolean has(String section, String name) {
        return named(section).containsKey(name);
    }

    /// Adds or replaces the fields of an entry; what is not among `known` stays.
    void put(String section, String name, List<String> known, Map<String, Object> entry) {
        List<Object> entries = new ArrayList<>();
        boolean found = false;
        for (Object each : list(fields, section)) {
            if (!found && each instanceof Map<?, ?> named && text(named, "name").equals(name)) {
                found = true;
                Map<String, Object> merged = named.get(field(section)) instanceof Map<?, ?> before ? mutable(before) : new LinkedHashMap<>();
                merged.keySet().removeAll(known);
                merged.putAll(entry);
                entries.add(Map.of("name", name, field(section), merged));
            } else {
                entries.add(each);
            }
        }
        if (!found) {
            entries.add(Map.of("name", name, field(section), entry));
        }
        fields.put(section, entries);
    }

    boolean remove(String section, String name) {
        List<Object> entries = new ArrayList<>(list(fields, section));
        boolean removed = entries.removeIf(each -> each instanceof Map<?, ?> named && text(named, "name").equals(name));
        if (removed) {
            fields.put(section, entries);
        }
        return removed;
    }

    /// The entries of a section, the first of several with one name.
    private Map<String, Map<?, ?>> named(String section) {
        Map<String, Map<?, ?>> entries = new LinkedHashMap<>();
        for (Object each : list(fields, section)) {
            if (each instanceof Map<?, ?> named && named.get(field(section)) instanceof Map<?, ?> entry) {
                entries.putIfAbsent(text(named, "name"), entry);
            }
        }
        return entries;
    }

    private static String field(String section) {
        return section.substring(0, section.length() - 1);
    }

    // ---- as records

    Map<String, Cluster> clusters() {
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        named(CLUSTERS).forEach((name, entry) -> clusters.put(name, new Cluster(
                text(entry, "server"), text(entry, "tls-server-name"), flag(entry, "insecure-skip-tls-verify"), path(entry, "certificate-authority"),
                text(entry, "certificate-authority-data"), text(entry, "proxy-url"))));
        return clusters;
    }

    Map<String, Context> contexts() {
        Map<String, Context> contexts = new LinkedHashMap<>();
        named(CONTEXTS).forEach((name, entry) -> contexts.put(name, new Context(text(entry, "cluster"), text(entry, "user"), text(entry, "namespace"))));
        return contexts;
    }

    Map<String, User> users() {
        Map<String, User> users = new LinkedHashMap<>();
        named(USERS).forEach((name, entry) -> users.put(name, new User(
                path(entry, "client-certificate"), text(entry, "client-certificate-data"), path(entry, "client-key"), text(entry, "client-key-data"),
                text(entry, "token"), path(entry, "tokenFile"), text(entry, "username"), text(entry, "password"), impersonate(entry), exec(entry),
                entry.get("auth-provider") instanceof Map<?, ?> provider ? text(provider, "name") : "")));
        return users;
    }

    private static Impersonate impersonate(Map<?, ?> user) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        if (user.get("as-user-extra") instanceof Map<?, ?> fields) {
            fields.forEach((key, values) -> extra.put(String.valueOf(key), values instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of()));
        }
        return new Impersonate(text(user, "as"), text(user, "as-uid"), texts(user, "as-groups"), extra);
    }

    private @Nullable Exec exec(Map<?, ?> user) {
        if (!(user.get("exec") instanceof Map<?, ?> exec)) {
            return null;
        }
        Map<String, String> env = new LinkedHashMap<>();
        for (Object each : list(exec, "env")) {
            env.put(text((Map<?, ?>) each, "name"), text((Map<?, ?>) each, "value"));
        }
        String command = text(exec, "command");
        String mode = text(exec, "interactiveMode");
        return new Exec(text(exec, "apiVersion"), command.contains("/") ? resolved(command) : command, texts(exec, "args"), env, text(exec, "installHint"),
                flag(exec, "provideClusterInfo"), mode.isEmpty() ? "IfAvailable" : mode);
    }

    private String path(Map<?, ?> entry, String name) {
        String path = text(entry, name);
        return path.isEmpty() ? "" : resolved(path);
    }

    /// Relative names are meant from the directory of the file that they stand in.
    private String resolved(String path) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? path : parent.resolve(path).normalize().toString();
    }

    private static String text(Map<?, ?> entry, String name) {
        Object value = entry.get(name);
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : "";
    }

    private static boolean flag(Map<?, ?> entry, String name) {
        return Boolean.TRUE.equals(entry.get(name));
    }

    private static List<String> texts(Map<?, ?> entry, String name) {
        return list(entry, name).stream().map(String::valueOf).toList();
    }

    private static List<?> list(Map<?, ?> entry, String name) {
        return entry.get(name) instanceof List<?> list ? list : List.of();
    }
}
