package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.Role;
import io.j8s.model.rbac.v1.RoleBinding;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import java.util.List;

/// The objects that a cluster of ours has beyond those that an API server makes by itself: what kubeadm would set up with its bindings. They are applied
/// at each start, under our field manager, so that what a user adds stays.
final class ClusterObjects {
    /// Simulated nodes' view of all pods; what each writes, it writes as itself.
    static final String SIMULATION_USER = "j8s:simulated-nodes";
    /// Publishes the Service of cluster DNS.
    static final String DNS_PUBLISHER = "j8s:dns-publisher";
    /// Cluster DNS: an account of kube-system.
    static final String DNS_ACCOUNT = "cluster-dns";
    static final String KUBELET_CLIENT_USER = "kube-apiserver-kubelet-client";
    private static final String SYSTEM = "kube-system";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private final Client client;

    ClusterObjects(Client client) {
        this.client = client;
    }

    /// What the API server may ask kubelets, and what the parts of a node's network and the simulation may do.
    void bindIdentities() {
        apply(ClusterRoleBinding.RESOURCE, "", "j8s:kubelet-api-admin", ClusterRoleBinding.EMPTY
                .withRoleRef(role("ClusterRole", "system:kubelet-api-admin"))
                .withSubjects(List.of(user(KUBELET_CLIENT_USER))));
        grant("j8s:cluster-dns", Subject.EMPTY.withKind("ServiceAccount").withNamespace(SYSTEM).withName(DNS_ACCOUNT), List.of(
                rule("", List.of("services", "namespaces"), List.of("list", "watch")),
                rule("discovery.k8s.io", List.of("endpointslices"), List.of("list", "watch"))));
        grant(SIMULATION_USER, user(SIMULATION_USER), List.of(rule("", List.of("pods"), List.of("list", "watch"))));
        apply(Role.RESOURCE, SYSTEM, DNS_PUBLISHER, Role.EMPTY.withRules(List.of(
                rule("", List.of("services"), List.of("get", "create")),
                rule("discovery.k8s.io", List.of("endpointslices"), List.of("get", "create", "update")))));
        apply(RoleBinding.RESOURCE, SYSTEM, DNS_PUBLISHER, RoleBinding.EMPTY
                .withRoleRef(role("Role", DNS_PUBLISHER))
                .withSubjects(List.of(user(DNS_PUBLISHER))));
    }

    private void grant(String name, Subject subject, List<PolicyRule> rules) {
        apply(ClusterRole.RESOURCE, "", name, ClusterRole.EMPTY.withRules(rules));
        apply(ClusterRoleBinding.RESOURCE, "", name, ClusterRoleBinding.EMPTY.withRoleRef(role("ClusterRole", name)).withSubjects(List.of(subject)));
    }

    private <T extends Struct> void apply(ApiResource<T> resource, String namespace, String name, T object) {
        Struct named = io.j8s.model.Objects.withMetadata(object, io.j8s.model.Objects.metadata(object).withName(name).withNamespace(namespace));
        client.patch(resource, namespace, name, new Patch.Apply(named), WriteOptions.NONE.by("j8s").forced());
    }

    private static RoleRef role(String kind, String name) {
        return RoleRef.EMPTY.withApiGroup(RBAC).withKind(kind).withName(name);
    }

    private static PolicyRule rule(String group, List<String> resources, List<String> verbs) {
        return PolicyRule.EMPTY.withApiGroups(List.of(group)).withResources(resources).withVerbs(verbs);
    }

    private static Subject user(String name) {
        return Subject.EMPTY.withApiGroup(RBAC).withKind("User").withName(name);
    }
}
