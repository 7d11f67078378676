package io.j8s.apiserver.authorization.node;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.SelectorException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Allows kubelets what they need, and never denies (the mode `Node`; KEP-279 and the documentation "Using Node Authorization"). What they may do with pods and nodes is
/// further narrowed by the admission plugin NodeRestriction.
public final class NodeAuthorizer implements Authorizer {

    private static final Decision ALLOW = new Decision.Allow("");
    private static final Decision NO_OPINION = new Decision.NoOpinion("");
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> OWN_OBJECT = Set.of("get", "create", "update", "patch", "delete");

    /// What every kubelet may do with the resources (and subresources) that are not looked at one by one.
    private static final Map<String, Set<String>> UNIFORM = Map.ofEntries(
            Map.entry("authentication.k8s.io/tokenreviews", Set.of("create")),
            Map.entry("authorization.k8s.io/subjectaccessreviews", Set.of("create")),
            Map.entry("authorization.k8s.io/localsubjectaccessreviews", Set.of("create")),
            Map.entry("/services", READ),
            Map.entry("/events", Set.of("create", "update", "patch")),
            Map.entry("events.k8s.io/events", Set.of("create", "update", "patch")),
            Map.entry("/endpoints", Set.of("get")),
            Map.entry("certificates.k8s.io/certificatesigningrequests", Set.of("create", "get", "list", "watch")),
            Map.entry("certificates.k8s.io/clustertrustbundles", READ),
            Map.entry("storage.k8s.io/csidrivers", READ),
            Map.entry("node.k8s.io/runtimeclasses", READ));

    private final NodeRelations relations;

    public NodeAuthorizer(ClusterState state) {
        this.relations = new NodeRelations(state);
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        return NodeIdentity.isNode(user)
                ? new Rules(List.of(), List.of(), true, "node authorizer does not support user rule resolution")
                : new Rules(List.of(), List.of(), false, "");
    }

    @Override
    public Decision authorize(Attributes attributes) {
        if (!NodeIdentity.isNode(attributes.user())) {
            return NO_OPINION;
        }
        String node = NodeIdentity.nodeOf(attributes.user());
        if (node.isEmpty()) {
            return new Decision.NoOpinion("unknown node for user \"" + attributes.user().name() + "\"");
        }
        return attributes.aboutResource() ? ofResource(node, attributes) : NO_OPINION;
    }

    private Decision ofResource(String node, Attributes a) {
        return switch (a.group() + "/" + a.resource()) {
            case "/secrets" -> read(node, a, () -> relations.secret(node, a.namespace(), a.name()));
            case "/configmaps" -> read(node, a, () -> relations.configMap(node, a.namespace(), a.name()));
            case "/persistentvolumeclaims" -> claim(node, a);
            case "/persistentvolumes" -> get(node, a, () -> relations.volume(node, a.name()));
            case "resource.k8s.io/resourceclaims" -> get(node, a, () -> relations.resourceClaim(node, a.namespace(), a.name()));
            case "resource.k8s.io/resourceslices" -> resourceSlice(node, a);
            case "storage.k8s.io/volumeattachments" -> get(node, a, () -> relations.attachment(node, a.name()));
            case "storage.k8s.io/csinodes" -> a.subresource().isEmpty() ? own(node, a, "CSINode") : no("cannot authorize CSINode subresources");
            case "/serviceaccounts" -> serviceAccount(node, a);
            case "coordination.k8s.io/leases" ->
                a.namespace().equals("kube-node-lease") ? own(node, a, "node lease") : no("can only access leases in the \"kube-node-lease\" system namespace");
            case "/nodes" -> node(node, a);
            case "/pods" -> pod(node, a);
            default -> uniform(a);
        };
    }

    private static Decision no(String reason) {
        return new Decision.NoOpinion(reason);
    }

    private static Decision uniform(Attributes a) {
        Set<String> verbs = UNIFORM.get(a.group() + "/" + a.resource());
        return verbs != null && a.subresource().isEmpty() && verbs.contains(a.verb()) ? ALLOW : NO_OPINION;
    }

    private Decision related(String node, Attributes a, BooleanSupplier relation) {
        if (a.name().isEmpty()) {
            return no("No Object name found");
        }
        return relation.getAsBoolean() ? ALLOW : no("no relationship found between node '" + node + "' and this object");
    }

    private Decision read(String node, Attributes a, BooleanSupplier relation) {
        if (!READ.contains(a.verb())) {
            return no("can only read resources of this type");
        }
        if (!a.subresource().isEmpty()) {
            return no("cannot read subresource");
        }
        return a.namespace().isEmpty() ? no("can only read namespaced object of this type") : related(node, a, relation);
    }

    private Decision get(String node, Attributes a, BooleanSupplier relation) {
        if (!a.verb().equals("get")) {
            return no("can only get individual resources of this type");
        }
        return a.subresource().isEmpty() ? related(node, a, relation) : no("cannot get subresource");
    }

    private Decision claim(String node, Attributes a) {
        BooleanSupplier relation = () -> relations.claim(node, a.namespace(), a.name());
        if (!a.subresource().equals("status")) {
            return get(node, a, relation);
        }
        return a.verb().equals("update") || a.verb().equals("patch") ? related(node, a, relation) : no("can only get/update/patch this type");
    }

    /// An object of the node's own name; the name of a new one is looked at by NodeRestriction.
    private static Decision own(String node, Attributes a, String kind) {
        if (!OWN_OBJECT.contains(a.verb())) {
            return no("can only get, create, update, patch, or delete a " + kind);
        }
        return a.verb().equals("create") || a.name().equals(node) ? ALLOW : no("can only access " + kind + " with the same name as the requesting node");
    }

    private Decision serviceAccount(String node, Attributes a) {
        BooleanSupplier relation = () -> relations.serviceAccount(node, a.namespace(), a.name());
        if (a.verb().equals("get") && a.subresource().isEmpty()) {
            return read(node, a, relation);
        }
        if (!a.verb().equals("create") || a.name().isEmpty()) {
            return no("can only create tokens for individual service accounts");
        }
        return a.subresource().equals("token") ? related(node, a, relation) : no("can only create token subresource of serviceaccount");
    }

    private static Decision node(String node, Attributes a) {
        boolean write = a.verb().equals("update") || a.verb().equals("patch");
        if (a.subresource().equals("status")) {
            return write ? ALLOW : NO_OPINION;
        }
        if (!a.subresource().isEmpty()) {
            return NO_OPINION;
        }
        if (write || a.verb().equals("create")) {
            return ALLOW;
        }
        if (READ.contains(a.verb())) {
            return a.name().equals(node) ? ALLOW : no("node '" + node + "' cannot read " + (a.name().isEmpty() ? "all nodes" : "'" + a.name() + "'") + ", only its own Node object");
        }
        return NO_OPINION;
    }

    private Decision pod(String node, Attributes a) {
        return switch (a.subresource() + ":" + a.verb()) {
            case ":get" -> get(node, a, () -> relations.pod(node, a.namespace(), a.name()));
            case ":list", ":watch" -> {
                if (selects(a, "spec.nodeName", node)) {
                    yield ALLOW;
                }
                yield a.name().isEmpty()
                        ? no("can only list/watch pods with spec.nodeName field selector")
                        : related(node, a, () -> relations.pod(node, a.namespace(), a.name()));
            }
            case ":create", ":delete", "status:update", "status:patch", "eviction:create" -> ALLOW;
            default -> NO_OPINION;
        };
    }

    private Decision resourceSlice(String node, Attributes a) {
        if (!a.subresource().isEmpty()) {
            return no("cannot authorize ResourceSlice subresources");
        }
        return switch (a.verb()) {
            case "create" -> ALLOW;
            case "get", "update", "patch", "delete" -> related(node, a, () -> relations.resourceSlice(node, a.name()));
            case "watch", "list", "deletecollection" ->
                selects(a, "spec.nodeName", node) ? ALLOW : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
            default -> NO_OPINION;
        };
    }

    private static boolean selects(Attributes a, String field, String value) {
        if (a.fieldSelector().isEmpty()) {
            return false;
        }
        try {
            return value.equals(FieldSelector.parse(a.fieldSelector()).exactValue(field));
        } catch (SelectorException e) {
            return false;
        }
    }
}
