package io.j8s.network.dns;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.WriteOptions;
import io.j8s.model.IntOrString;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/// The Service `kube-dns` in `kube-system`, under which pods find cluster DNS, and the EndpointSlice that leads it to where this process answers. It has no selector: there is no pod behind it.
public final class DnsService {

    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "kube-dns";
    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("j8s-dns");
    private static final Map<String, String> LABELS =
            Map.of("k8s-app", "kube-dns", "kubernetes.io/cluster-service", "true", "kubernetes.io/name", "CoreDNS");

    private DnsService() {}

    /// Makes both as they are to be; writes nothing when they are.
    ///
    /// @param clusterIp the address that pods have in their resolv.conf
    /// @param node the name of the node that answers
    /// @param listening where it does, an address that pods reach
    public static void publish(Client client, String clusterIp, String node, InetSocketAddress listening) {
        Service service = client.find(Service.RESOURCE, NAMESPACE, NAME);
        if (service == null) {
            create(client, service(clusterIp));
        } else if (!service.spec().clusterIP().equals(clusterIp)) {
            throw new IllegalStateException("Service kube-system/kube-dns has the cluster address " + service.spec().clusterIP()
                    + ", but pods are given " + clusterIp + "; delete the service, or start with --cluster-dns=" + service.spec().clusterIP());
        }
        EndpointSlice wanted = slice(node, listening);
        EndpointSlice known = client.find(EndpointSlice.RESOURCE, NAMESPACE, wanted.metadata().name());
        if (known == null) {
            client.create(EndpointSlice.RESOURCE, NAMESPACE, wanted, OPTIONS);
        } else if (!known.endpoints().equals(wanted.endpoints()) || !known.ports().equals(wanted.ports())) {
            client.update(EndpointSlice.RESOURCE, NAMESPACE, known.withEndpoints(wanted.endpoints()).withPorts(wanted.ports()), OPTIONS);
        }
    }

    private static void create(Client client, Service service) {
        try {
            client.create(Service.RESOURCE, NAMESPACE, service, OPTIONS);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private static Service service(String clusterIp) {
        return Service.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withNamespace(NAMESPACE).withName(NAME).withLabels(LABELS))
                .withSpec(ServiceSpec.EMPTY.withClusterIP(clusterIp).withClusterIPs(List.of(clusterIp)).withPorts(List.of(port("dns", "UDP"), port("dns-tcp", "TCP"))));
    }

    private static ServicePort port(String name, String protocol) {
        return ServicePort.EMPTY.withName(name).withProtocol(protocol).withPort(53).withTargetPort(new IntOrString.Int(53));
    }

    private static EndpointSlice slice(String node, InetSocketAddress listening) {
        InetAddress address = listening.getAddress();
        Endpoint endpoint = Endpoint.EMPTY
                .withAddresses(List.of(address.getHostAddress()))
                .withConditions(EndpointConditions.EMPTY.withReady(true).withServing(true).withTerminating(false))
                .withNodeName(node);
        return EndpointSlice.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withNamespace(NAMESPACE).withName(NAME + "-" + node).withLabels(Map.of(
                        "kubernetes.io/service-name", NAME, "endpointslice.kubernetes.io/managed-by", "j8s-dns")))
                .withAddressType(address instanceof java.net.Inet6Address ? "IPv6" : "IPv4")
                .withEndpoints(List.of(endpoint))
                .withPorts(List.of(port("dns", "UDP", listening.getPort()), port("dns-tcp", "TCP", listening.getPort())));
    }

    private static EndpointPort port(String name, String protocol, int port) {
        return EndpointPort.EMPTY.withName(name).withProtocol(protocol).withPort(port);
    }
}
