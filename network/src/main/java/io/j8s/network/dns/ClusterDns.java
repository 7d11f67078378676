package io.j8s.network.dns;

import io.j8s.client.Client;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// Cluster DNS in this process: what other clusters run CoreDNS for. Follows Services, EndpointSlices and Namespaces, and answers on its addresses until closed.
public final class ClusterDns implements AutoCloseable {

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final ClusterZone zone;
    private final Informers informers;
    private final Informer<Service> services;
    private final Index<EndpointSlice> slicesOfService;
    private final ControllerLoop<ObjectKey> loop;
    private final List<DnsServer> servers = new ArrayList<>();

    private ClusterDns(Client client, Timeline timeline, Name domain) {
        this.zone = new ClusterZone(domain);
        this.informers = new Informers(client, timeline);
        this.services = informers.of(Service.RESOURCE);
        Informer<EndpointSlice> slices = informers.of(EndpointSlice.RESOURCE);
        this.slicesOfService = slices.index("service", slice -> List.of(serviceOf(slice).toString()));
        WorkQueue<ObjectKey> queue = new WorkQueue<>("dns", timeline);
        informers.of(Namespace.RESOURCE).addHandler(new NamespaceHandler());
        services.addHandler(Handler.each(service -> queue.add(new ObjectKey(service.metadata().namespace(), service.metadata().name()))));
        slices.addHandler(Handler.each(slice -> queue.add(serviceOf(slice))));
        this.loop = new ControllerLoop<>(timeline, queue, 1, this::reconcile);
    }

    /// Starts following and answering. The sockets are open when it returns; names are known as soon as the client has listed them.
    ///
    /// @param registry where its figures go
    public static ClusterDns start(Client client, Timeline timeline, DnsSettings settings, MetricRegistry registry) throws IOException {
        ClusterDns dns = new ClusterDns(client, timeline, name(settings.domain()));
        DnsMetrics metrics = new DnsMetrics(registry);
        Map<Name, List<InetSocketAddress>> stubs = new HashMap<>();
        settings.stubDomains().forEach((domain, servers) -> stubs.put(name(domain), servers));
        Responder responder = new Responder(dns.zone, new Forwarder(timeline, settings.forwardTo(), stubs, metrics));
        try {
            for (InetSocketAddress address : settings.addresses()) {
                dns.servers.add(DnsServer.start(timeline, address, responder, metrics));
            }
        } catch (IOException e) {
            dns.close();
            throw e;
        }
        dns.informers.start();
        dns.loop.start();
        return dns;
    }

    /// Waits until everything that exists is known.
    public void awaitSynced() throws InterruptedException {
        informers.awaitSynced();
    }

    /// Where it listens, with the ports that were taken.
    public List<InetSocketAddress> addresses() {
        return servers.stream().map(DnsServer::address).toList();
    }

    private final class NamespaceHandler implements Handler<Namespace> {
        @Override
        public void added(Namespace namespace) {
            zone.namespace(namespace.metadata().name(), true);
        }

        @Override
        public void changed(Namespace before, Namespace after) {
            // its name is what counts
        }

        @Override
        public void deleted(Namespace last) {
            zone.namespace(last.metadata().name(), false);
        }
    }

    private Outcome reconcile(ObjectKey key) {
        Service service = services.lister().get(key);
        zone.put(key.namespace(), key.name(), service == null ? null : ServiceNaming.of(service, slicesOfService.get(key.toString())));
        return Outcome.DONE;
    }

    private static ObjectKey serviceOf(EndpointSlice slice) {
        return new ObjectKey(slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SERVICE_NAME, ""));
    }

    private static Name name(String domain) {
        try {
            return Name.fromString(domain, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("domain: \"" + domain + "\" is not a DNS name: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        servers.forEach(DnsServer::close);
        loop.close();
        informers.close();
    }
}
