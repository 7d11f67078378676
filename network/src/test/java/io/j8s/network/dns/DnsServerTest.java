package io.j8s.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Queries over real sockets on loopback.
class DnsServerTest {

    private final ClusterZone zone = new ClusterZone(Name.fromConstantString("cluster.local."));
    private final ClusterZone outsideZone = new ClusterZone(Name.fromConstantString("example.test."));
    private final ClusterZone corporateZone = new ClusterZone(Name.fromConstantString("corp.test."));
    private final MetricRegistry registry = new MetricRegistry();
    private final DnsMetrics metrics = new DnsMetrics(registry);
    private DnsServer outside;
    private DnsServer corporate;
    private DnsServer server;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        outside = DnsServer.start(Timeline.system(), any, new Responder(outsideZone, query -> null), metrics);
        corporate = DnsServer.start(Timeline.system(), any, new Responder(corporateZone, query -> null), metrics);
        corporateZone.put("x", "www", new ServiceNames("x", "www", addresses("10.0.0.77"), "", List.of(), List.of()));
        server = DnsServer.start(Timeline.system(), any, new Responder(zone, new Forwarder(Timeline.system(), List.of(outside.address()), Map.of(Name.fromConstantString("corp.test."), List.of(corporate.address())), metrics)), metrics);
        zone.put("prod", "web", new ServiceNames("prod", "web", addresses("10.96.0.20", "fd00::20"), "", List.of(new ServiceNames.Port("http", "tcp", 80)), List.of()));
        zone.put("prod", "db", new ServiceNames("prod", "db", List.of(), "", List.of(new ServiceNames.Port("sql", "tcp", 5432)), List.of(
                new ServiceNames.Backend(InetAddress.ofLiteral("10.244.0.7"), "db-0", List.of(new ServiceNames.Port("sql", "tcp", 5432))),
                new ServiceNames.Backend(InetAddress.ofLiteral("10.244.0.8"), "10-244-0-8", List.of(new ServiceNames.Port("sql", "tcp", 5432))))));
        zone.put("prod", "shop", new ServiceNames("prod", "shop", List.of(), "www.svc.example.test", List.of(), List.of()));
        outsideZone.put("svc", "www", null);
        outsideZone.put("example", "x", new ServiceNames("example", "x", addresses("10.0.0.9"), "", List.of(), List.of()));
    }

    @AfterEach
    void stop() {
        server.close();
        outside.close();
        corporate.close();
    }

    @Test
    void aServiceHasItsClusterAddresses() throws IOException {
        assertThat(ask("web.prod.svc.cluster.local.", Type.A)).containsExactly("10.96.0.20");
        assertThat(ask("WEB.prod.svc.Cluster.local.", Type.AAAA)).containsExactly("fd00:0:0:0:0:0:0:20");
        assertThat(rcode("none.prod.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NXDOMAIN);
        assertThat(rcode("web.prod.svc.cluster.local.", Type.MX)).isEqualTo(Rcode.NOERROR);
        assertThat(rcode("prod.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NOERROR);
        assertThat(rcode("nowhere.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void aHeadlessServiceHasItsEndpoints() throws IOException {
        assertThat(ask("db.prod.svc.cluster.local.", Type.A)).containsExactlyInAnyOrder("10.244.0.7", "10.244.0.8");
        assertThat(ask("db-0.db.prod.svc.cluster.local.", Type.A)).containsExactly("10.244.0.7");
        assertThat(ask("_sql._tcp.db.prod.svc.cluster.local.", Type.SRV))
                .containsExactlyInAnyOrder("0 50 5432 db-0.db.prod.svc.cluster.local.", "0 50 5432 10-244-0-8.db.prod.svc.cluster.local.");
        assertThat(ask("_http._tcp.web.prod.svc.cluster.local.", Type.SRV)).containsExactly("0 100 80 web.prod.svc.cluster.local.");
    }

    @Test
    void addressesHaveNames() throws IOException {
        assertThat(ask("20.0.96.10.in-addr.arpa.", Type.PTR)).containsExactly("web.prod.svc.cluster.local.");
        assertThat(ask("7.0.244.10.in-addr.arpa.", Type.PTR)).containsExactly("db-0.db.prod.svc.cluster.local.");
        assertThat(ask("10-244-0-99.prod.pod.cluster.local.", Type.A)).containsExactly("10.244.0.99");
    }

    @Test
    void otherNamesAreForwarded() throws IOException {
        assertThat(ask("x.example.svc.example.test.", Type.A)).containsExactly("10.0.0.9");
        assertThat(ask("x.example.svc.example.test.", Type.A)).as("from memory").containsExactly("10.0.0.9");
    }

    @Test
    void anExternalNameIsAnAlias() throws IOException {
        assertThat(query("shop.prod.svc.cluster.local.", Type.A, false).getSection(Section.ANSWER).getFirst().rdataToString()).isEqualTo("www.svc.example.test.");
    }

    @Test
    void aChainOfAliasesIsFollowedToItsEnd() throws IOException {
        zone.put("prod", "first", new ServiceNames("prod", "first", List.of(), "second.prod.svc.cluster.local", List.of(), List.of()));
        zone.put("prod", "second", new ServiceNames("prod", "second", List.of(), "x.example.svc.example.test", List.of(), List.of()));
        zone.put("prod", "loop", new ServiceNames("prod", "loop", List.of(), "loop.prod.svc.cluster.local", List.of(), List.of()));
        assertThat(ask("first.prod.svc.cluster.local.", Type.A)).containsExactly("second.prod.svc.cluster.local.", "x.example.svc.example.test.", "10.0.0.9");
        assertThat(ask("loop.prod.svc.cluster.local.", Type.A)).as("it ends").isNotEmpty();
        assertThat(ask("first.prod.svc.cluster.local.", Type.CNAME)).containsExactly("second.prod.svc.cluster.local.");
    }

    @Test
    void negativeAnswersSayHowLongTheyHold() throws IOException {
        for (String name : List.of("none.prod.svc.cluster.local.", "prod.svc.cluster.local.")) {
            Record authority = query(name, Type.A, false).getSection(Section.AUTHORITY).getFirst();
            assertThat(authority.getType()).isEqualTo(Type.SOA);
            assertThat(authority.getTTL()).isEqualTo(5);
            assertThat(authority.rdataToString()).matches("ns\\.dns\\.cluster\\.local\\. hostmaster\\.cluster\\.local\\. \\d+ 7200 1800 86400 5");
        }
        assertThat(ask("cluster.local.", Type.NS)).containsExactly("ns.dns.cluster.local.");
        assertThat(ask("cluster.local.", Type.SOA)).hasSize(1);
    }

    @Test
    void namesOfPodsAreAnsweredInNamespacesThatAreThere() throws IOException {
        assertThat(rcode("10-244-0-9.lonely.pod.cluster.local.", Type.A)).isEqualTo(Rcode.NXDOMAIN);
        zone.namespace("lonely", true);
        assertThat(ask("10-244-0-9.lonely.pod.cluster.local.", Type.A)).containsExactly("10.244.0.9");
        assertThat(rcode("lonely.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NOERROR);
        zone.namespace("lonely", false);
        assertThat(rcode("lonely.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void aDomainWithItsOwnNameServersIsAskedThere() throws IOException {
        assertThat(ask("www.x.svc.corp.test.", Type.A)).containsExactly("10.0.0.77");
        assertThat(ask("WWW.x.svc.corp.test.", Type.A)).as("from memory").containsExactly("10.0.0.77");
        assertThat(query("WWW.x.svc.corp.test.", Type.A, false).getQuestion().getName().toString()).as("the question as it was asked").isEqualTo("WWW.x.svc.corp.test.");
        assertThat(registry.text()).contains("coredns_cache_hits_total", "coredns_dns_requests_total{server=\"dns://:53\",zone=\".\",view=\"\",proto=\"udp\",family=\"1\",type=\"A\"}",
                "coredns_dns_responses_total{server=\"dns://:53\",zone=\".\",view=\"\",rcode=\"NOERROR\",plugin=\"forward\"}");
    }

    @Test
    void anUnknownVersionOfExtensionsIsToldAsSuch() throws IOException {
        Message query = question("web.prod.svc.cluster.local.", Type.A);
        query.addRecord(new OPTRecord(4096, 0, 1), Section.ADDITIONAL);
        SimpleResolver resolver = new SimpleResolver(server.address());
        resolver.setEDNS(-1);
        assertThat(resolver.send(query).getRcode()).isEqualTo(Rcode.BADVERS);
    }

    @Test
    void aForgottenServiceIsGone() throws IOException {
        zone.put("prod", "web", null);
        assertThat(rcode("web.prod.svc.cluster.local.", Type.A)).isEqualTo(Rcode.NXDOMAIN);
        assertThat(rcode("20.0.96.10.in-addr.arpa.", Type.PTR)).isNotEqualTo(Rcode.NOERROR);
    }

    @Test
    void alongAnswerIsCutForUdpAndWholeOverTcp() throws IOException {
        List<ServiceNames.Backend> many = IntStream.range(0, 200)
                .mapToObj(i -> new ServiceNames.Backend(InetAddress.ofLiteral("10.244.1." + i), "p" + i, List.of())).toList();
        zone.put("prod", "many", new ServiceNames("prod", "many", List.of(), "", List.of(), many));
        Message overTcp = query("many.prod.svc.cluster.local.", Type.A, true);
        assertThat(overTcp.getSection(Section.ANSWER)).hasSize(200);
        SimpleResolver udp = new SimpleResolver(server.address());
        udp.setIgnoreTruncation(true);
        Message cut = udp.send(question("many.prod.svc.cluster.local.", Type.A));
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    }

    private List<String> ask(String name, int type) throws IOException {
        return query(name, type, false).getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
    }

    private int rcode(String name, int type) throws IOException {
        return query(name, type, false).getRcode();
    }

    private Message query(String name, int type, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server.address());
        resolver.setTCP(tcp);
        return resolver.send(question(name, type));
    }

    private static Message question(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static List<InetAddress> addresses(String... literals) {
        return java.util.Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
    }
}
