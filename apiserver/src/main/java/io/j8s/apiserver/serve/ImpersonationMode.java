package io.j8s.apiserver.serve;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The ways in which one user may act as another, in the order in which they are tried.
enum ImpersonationMode {

    /// A service account of a pod as the node on which the pod runs.
    ASSOCIATED_NODE("associated-node"),
    /// Any node.
    ARBITRARY_NODE("arbitrary-node"),
    SERVICE_ACCOUNT("serviceaccount"),
    /// Anybody else, with groups, uid and further attributes.
    USER_INFO("user-info"),
    /// As it was before there were modes.
    LEGACY("");

    static final List<ImpersonationMode> ALL = List.of(values());

    private static final String NODE = "system:node:";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String REVIEWS = "authentication.k8s.io";
    private static final int MANY = 4;
    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern DOMAIN_PATH = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

    private final String id;

    ImpersonationMode(String id) {
        this.id = id;
    }

    /// The verb that a user needs for it; empty for the way that was there before.
    String constraint() {
        return id.isEmpty() ? "" : "impersonate:" + id;
    }

    /// What it is called where it is counted.
    String label() {
        return id.isEmpty() ? "legacy" : id;
    }

    boolean concerns(User wanted, User requestor) {
        boolean nameOnly = wanted.uid().isEmpty() && wanted.groups().isEmpty() && wanted.extra().isEmpty();
        return switch (this) {
            case ASSOCIATED_NODE -> nameOnly && associated(requestor, wanted.name());
            case ARBITRARY_NODE -> nameOnly && !nodeOf(wanted.name()).isEmpty();
            case SERVICE_ACCOUNT -> nameOnly && accountOf(wanted.name()) != null;
            case USER_INFO -> nodeOf(wanted.name()).isEmpty() && accountOf(wanted.name()) == null;
            case LEGACY -> true;
        };
    }

    /// The user to act as. Throws a refusal when the requestor may not.
    User checked(User wanted, User requestor, Attributes request, Authorizer authorizer) {
        User asked = this == ASSOCIATED_NODE ? withoutAttributes(requestor) : requestor;
        if (this != LEGACY) {
            Impersonation.check(as(request, asked, "impersonate-on:" + id + ":" + request.verb()), authorizer);
        }
        List<String> groups = checkName(wanted, asked, authorizer);
        if (!wanted.uid().isEmpty()) {
            Impersonation.check(attributes(asked, REVIEWS, "uids", "", "", wanted.uid()), authorizer);
        }
        checkGroups(wanted, asked, authorizer);
        checkExtra(wanted, asked, authorizer);
        String standard = wanted.name().equals(User.ANONYMOUS_NAME) ? User.UNAUTHENTICATED : groups.contains(User.UNAUTHENTICATED) ? "" : User.AUTHENTICATED;
        List<String> all = new ArrayList<>(groups);
        if (!standard.isEmpty() && !all.contains(standard)) {
            all.add(standard);
        }
        return new User(wanted.name(), wanted.uid(), all, wanted.extra());
    }

    private static Attributes as(Attributes a, User user, String verb) {
        return new Attributes(user, verb, a.group(), a.version(), a.resource(), a.subresource(), a.namespace(), a.name(), a.path(), a.fieldSelector(), a.labelSelector());
    }

    /// The service account of many pods on many nodes is one and the same to the authorizer.
    private static User withoutAttributes(User user) {
        return new User(user.name(), user.uid(), user.groups(),
                Map.of("authentication.kubernetes.io/associated-node-keys", List.copyOf(new TreeSet<>(user.extra().keySet()))));
    }

    private Attributes attributes(User user, String group, String resource, String subresource, String namespace, String name) {
        String verb = this == LEGACY ? "impersonate" : "impersonate:" + id;
        return Attributes.ofResource(user, verb, group, "v1", resource, subresource, namespace, name);
    }

    private String userGroup() {
        return this == LEGACY ? "" : REVIEWS;
    }

    /// Answers the groups that the user has then.
    private List<String> checkName(User wanted, User requestor, Authorizer authorizer) {
        String node = this == LEGACY ? "" : nodeOf(wanted.name());
        String[] account = accountOf(wanted.name());
        List<String> groups = wanted.groups();
        Attributes attributes;
        if (!node.isEmpty()) {
            attributes = attributes(requestor, userGroup(), "nodes", "", "", this == ASSOCIATED_NODE ? "*" : node);
            groups = List.of("system:nodes");
        } else if (account != null) {
            attributes = attributes(requestor, userGroup(), "serviceaccounts", "", account[0], account[1]);
            groups = groups.isEmpty() ? List.of("system:serviceaccounts", "system:serviceaccounts:" + account[0]) : groups;
        } else {
            attributes = attributes(requestor, userGroup(), "users", "", "", wanted.name());
        }
        Impersonation.check(attributes, authorizer);
        return groups;
    }

    private void checkGroups(User wanted, User requestor, Authorizer authorizer) {
        if (this != LEGACY) {
            if (wanted.groups().contains("")) {
                throw Access.forbidden(attributes(requestor, userGroup(), "groups", "", "", ""), "impersonating the empty string group is not allowed");
            }
            if (wanted.groups().contains(User.MASTERS)) {
                throw Access.forbidden(attributes(requestor, userGroup(), "groups", "", "", User.MASTERS), "impersonating the system:masters group is not allowed");
            }
            if (wanted.groups().size() >= MANY && may(attributes(requestor, userGroup(), "groups", "", "", "*"), authorizer)) {
                return;
            }
        }
        wanted.groups().forEach(group -> Impersonation.check(attributes(requestor, userGroup(), "groups", "", "", group), authorizer));
    }

    private static boolean may(Attributes attributes, Authorizer authorizer) {
        return authorizer.authorize(attributes) instanceof Decision.Allow;
    }

    private void checkExtra(User wanted, User requestor, Authorizer authorizer) {
        if (this != LEGACY && !wanted.extra().isEmpty()) {
            String wrong = wrongExtra(wanted.extra());
            if (!wrong.isEmpty()) {
                throw Access.forbidden(attributes(requestor, REVIEWS, "userextras", "", "", ""), wrong);
            }
            int values = wanted.extra().values().stream().mapToInt(List::size).sum();
            if ((wanted.extra().size() >= MANY || values >= MANY) && may(attributes(requestor, REVIEWS, "userextras", "*", "", "*"), authorizer)) {
                return;
            }
        }
        wanted.extra().forEach((key, values) ->
                values.forEach(value -> Impersonation.check(attributes(requestor, REVIEWS, "userextras", key, "", value), authorizer)));
    }

    private static String wrongExtra(Map<String, List<String>> extra) {
        for (Map.Entry<String, List<String>> one : extra.entrySet()) {
            String key = one.getKey();
            if (key.isEmpty()) {
                return "impersonating the empty string key in extra is not allowed";
            }
            if (!DOMAIN_PATH.matcher(key).matches()) {
                return "impersonating an invalid key in extra is not allowed: extra.key: Invalid value: \"" + key + "\": must be a domain-prefixed path (such as \"acme.io/foo\")";
            }
            if (!key.equals(key.toLowerCase(Locale.ROOT))) {
                return "impersonating a non-lowercase key in extra is not allowed: \"" + key + "\"";
            }
            if (one.getValue().contains("")) {
                return "impersonating the empty string value in extra is not allowed";
            }
        }
        return "";
    }

    private static String nodeOf(String user) {
        String name = user.startsWith(NODE) ? user.substring(NODE.length()) : "";
        return NODE_NAME.matcher(name).matches() && name.length() <= 253 ? name : "";
    }

    /// Namespace and name of a service account; null when the user is none.
    private static String @Nullable [] accountOf(String user) {
        String[] parts = user.startsWith(ACCOUNT) ? user.substring(ACCOUNT.length()).split(":", -1) : new String[0];
        return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty() ? parts : null;
    }

    private static boolean associated(User requestor, String wanted) {
        String node = nodeOf(wanted);
        List<String> own = Objects.requireNonNullElse(requestor.extra().get("authentication.kubernetes.io/node-name"), List.of());
        return !node.isEmpty() && accountOf(requestor.name()) != null && own.size() == 1 && own.getFirst().equals(node);
    }
}
