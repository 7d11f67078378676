package io.j8s.apiserver.authorization.abac;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.configuration.Document;

/// One policy. Empty texts match nothing but empty values; `*` matches everything.
///
/// @param readOnly whether it allows only what changes nothing
record AbacPolicy(String user, String group, boolean readOnly, String apiGroup, String resource, String namespace, String path) {

    private static final String ANY = "*";

    /// A line of the file: `abac.authorization.kubernetes.io/v1beta1`, or the older form without a version.
    static AbacPolicy of(Document line) {
        String version = line.text("apiVersion");
        String kind = line.text("kind");
        AbacPolicy read;
        if (version.isEmpty() && kind.isEmpty()) {
            read = unversioned(line);
        } else if (version.equals("abac.authorization.kubernetes.io/v1beta1") && kind.equals("Policy")) {
            Document spec = line.object("spec");
            read = new AbacPolicy(spec.text("user"), spec.text("group"), spec.flag("readonly"), spec.text("apiGroup"), spec.text("resource"), spec.text("namespace"),
                    spec.text("nonResourcePath"));
        } else {
            throw line.wrong("apiVersion", version + ", kind " + kind, "abac.authorization.kubernetes.io/v1beta1, kind Policy");
        }
        return read.user.equals(ANY) || read.group.equals(ANY)
                ? new AbacPolicy("", User.AUTHENTICATED, read.readOnly, read.apiGroup, read.resource, read.namespace, read.path)
                : read;
    }

    private static AbacPolicy unversioned(Document line) {
        String user = line.text("user");
        String group = user.isEmpty() && line.text("group").isEmpty() ? User.AUTHENTICATED : line.text("group");
        String resource = line.text("resource");
        String namespace = line.text("namespace");
        return new AbacPolicy(user, group, line.flag("readonly"), ANY, resource.isEmpty() ? ANY : resource, namespace.isEmpty() ? ANY : namespace,
                resource.isEmpty() && namespace.isEmpty() ? ANY : "");
    }

    boolean isFor(User who) {
        if (user.isEmpty() && group.isEmpty()) {
            return false;
        }
        return (user.isEmpty() || user.equals(who.name())) && (group.isEmpty() || who.in(group));
    }

    boolean allows(Attributes attributes) {
        if (!isFor(attributes.user()) || (readOnly && !attributes.readOnly())) {
            return false;
        }
        return attributes.aboutResource()
                ? matches(namespace, attributes.namespace()) && matches(resource, attributes.resource()) && matches(apiGroup, attributes.group())
                : matchesPath(attributes.path());
    }

    private static boolean matches(String pattern, String value) {
        return pattern.equals(ANY) || pattern.equals(value);
    }

    private boolean matchesPath(String asked) {
        return path.equals(ANY) || path.equals(asked) || (path.endsWith(ANY) && asked.startsWith(path.replaceAll("\\*+$", "")));
    }

    boolean inNamespace(String name) {
        return matches(namespace, name);
    }
}
