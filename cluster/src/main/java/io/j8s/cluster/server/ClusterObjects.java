package io.j8s.cluster.server;

import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.IntOrString;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import java.util.List;
import java.util.Map;

/// The objects that a cluster of ours has beyond those that an API server makes by itself: what kubeadm would set up with its add-ons and bindings. They are applied
/// at each start, under our field manager, so that what a user adds stays.
final class ClusterObjects {
    static final String DNS_USER = "system:serviceaccount:kube-system:coredns";
    static final String KUBELET_CLIENT_USER = "kube-apiserver-kubelet-client";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final int DNS_PORT = 53;
    private final Client client;

    ClusterObjects(Client client) {
        this.client = client;
    }

    /// What the API server may ask kubelets, and what DNS may read.
    void bindIdentities() {
        apply(ClusterRoleBinding.RESOURCE, "", "j8s:kubelet-api-admin", ClusterRoleBinding.EMPTY
                .withRoleRef(role("system:kubelet-api-admin"))
                .withSubjects(List.of(user(KUBELET_CLIENT_USER))));
        apply(ClusterRole.RESOURCE, "", "system:coredns", ClusterRole.EMPTY.withRules(List.of(
                PolicyRule.EMPTY.withApiGroups(List.of("")).withResources(List.of("services", "pods", "namespaces")).withVerbs(List.of("list", "watch")),
                PolicyRule.EMPTY.withApiGroups(List.of("discovery.k8s.io")).withResources(List.of("endpointslices")).withVerbs(List.of("list", "watch")))));
        apply(ClusterRoleBinding.RESOURCE, "", "system:coredns", ClusterRoleBinding.EMPTY
                .withRoleRef(role("system:coredns"))
                .withSubjects(List.of(Subject.EMPTY.withKind("ServiceAccount").withName("coredns").withNamespace("kube-system"))));
    }

    /// The Service `kube-dns`, answered by this host.
    ///
    /// @param address where this host's DNS server listens
    void publishDns(Networks networks, String nodeName, String address, int port) {
        Map<String, String> labels = Map.of("k8s-app", "kube-dns", "kubernetes.io/cluster-service", "true", "kubernetes.io/name", "CoreDNS");
        apply(Service.RESOURCE, "kube-system", "kube-dns", Service.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withLabels(labels))
                .withSpec(ServiceSpec.EMPTY.withClusterIP(networks.dns()).withType("ClusterIP").withPorts(List.of(
                        ServicePort.EMPTY.withName("dns").withProtocol("UDP").withPort(DNS_PORT).withTargetPort(IntOrString.of(port)),
                        ServicePort.EMPTY.withName("dns-tcp").withProtocol("TCP").withPort(DNS_PORT).withTargetPort(IntOrString.of(port))))));
        apply(EndpointSlice.RESOURCE, "kube-system", "kube-dns-" + nodeName, EndpointSlice.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withLabels(Map.of("kubernetes.io/service-name", "kube-dns", "endpointslice.kubernetes.io/managed-by", "j8s")))
                .withAddressType(address.contains(":") ? "IPv6" : "IPv4")
                .withEndpoints(List.of(Endpoint.EMPTY.withAddresses(List.of(address)).withNodeName(nodeName)
                        .withConditions(EndpointConditions.EMPTY.withReady(true).withServing(true).withTerminating(false))))
                .withPorts(List.of(
                        EndpointPort.EMPTY.withName("dns").withProtocol("UDP").withPort(port),
                        EndpointPort.EMPTY.withName("dns-tcp").withProtocol("TCP").withPort(port))));
    }

    private <T extends Struct> void apply(ApiResource<T> resource, String namespace, String name, T object) {
        Struct named = io.j8s.model.Objects.withMetadata(object, io.j8s.model.Objects.metadata(object).withName(name).withNamespace(namespace));
        client.patch(resource, namespace, name, new Patch.Apply(named), WriteOptions.NONE.by("j8s").forced());
    }

    private static RoleRef role(String name) {
        return RoleRef.EMPTY.withApiGroup(RBAC).withKind("ClusterRole").withName(name);
    }

    private static Subject user(String name) {
        return Subject.EMPTY.withApiGroup(RBAC).withKind("User").withName(name);
    }
}
