package io.j8s.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real packets through real rules, between network namespaces.
class ProxyPacketsTest {

    private static final String SERVICE = "10.96.0.20";
    private static final String BALANCER = "198.51.100.7";
    private static final String EXTERNAL = "198.51.100.8";
    private final ProxyState state = new ProxyState("node", "", Frame.of(List.of("10.244.0.0/16")));
    private TestNode node;
    private Nft nft;
    private String client;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode();
        nft = new Nft(node.entry());
        client = node.pod(2);
        node.serve(node.pod(11), 8080);
        node.serve(node.pod(12), 8080);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void aClusterAddressLeadsToEveryEndpoint() throws Exception {
        apply(service(0, 0, false, endpoint(11), endpoint(12)));
        assertThat(answers(client, SERVICE, 80, 24)).containsExactlyInAnyOrder("p11", "p12");
        assertThat(answers(node.name(), SERVICE, 80, 24)).containsExactlyInAnyOrder("p11", "p12");
    }

    @Test
    void aServiceWithoutEndpointsRefusesAtOnce() throws Exception {
        apply(service(0, 0, false));
        assertThat(node.ask(client, SERVICE, 80)).isEqualTo("refused");
        apply(service(0, 0, false, endpoint(11)));
        assertThat(node.ask(client, SERVICE, 80)).isEqualTo("p11");
        apply(service(0, 0, false));
        assertThat(node.ask(client, SERVICE, 80)).isEqualTo("refused");
    }

    @Test
    void aPodReachesItselfThroughItsService() throws Exception {
        apply(service(0, 0, false, endpoint(11)));
        assertThat(node.ask(node.name() + "-p11", SERVICE, 80)).isEqualTo("p11");
    }

    @Test
    void aNodePortIsReachedFromOutside() throws Exception {
        String outside = node.outside();
        apply(service(30080, 0, false, endpoint(11), endpoint(12)));
        assertThat(answers(outside, "192.168.99.1", 30080, 24)).containsExactlyInAnyOrder("p11", "p12");
        apply(service(30080, 0, false));
        assertThat(node.ask(outside, "192.168.99.1", 30080)).isEqualTo("refused");
    }

    @Test
    void aLocalPolicyKeepsForeignTrafficHereButNotThatOfTheNodesOwnPods() throws Exception {
        String outside = node.outside();
        Endpoint elsewhere = new Endpoint("10.244.0.12", 8080, false, true, true, false, Set.of(), Set.of());
        apply(external(true, List.of(), endpoint(11), elsewhere));
        assertThat(answers(outside, "192.168.99.1", 30080, 12)).containsExactly("p11");
        assertThat(answers(outside, BALANCER, 80, 12)).containsExactly("p11");
        assertThat(answers(client, "192.168.99.1", 30080, 24)).containsExactlyInAnyOrder("p11", "p12");
        assertThat(answers(node.name(), BALANCER, 80, 24)).containsExactlyInAnyOrder("p11", "p12");
        apply(external(true, List.of(), elsewhere));
        assertThat(node.ask(outside, "192.168.99.1", 30080)).as("dropped, so that the client tries another node").isEqualTo("timeout");
        assertThat(node.ask(client, BALANCER, 80)).isEqualTo("p12");
        assertThat(node.ask(node.name(), "192.168.99.1", 30080)).isEqualTo("p12");
    }

    @Test
    void onlyAllowedSourcesReachALoadBalancer() throws Exception {
        String outside = node.outside();
        apply(external(false, List.of("192.168.99.0/24"), endpoint(11)));
        assertThat(node.ask(outside, BALANCER, 80)).isEqualTo("p11");
        assertThat(node.ask(outside, EXTERNAL, 80)).isEqualTo("p11");
        apply(external(false, List.of("203.0.113.0/24", "fd00::/64"), endpoint(11)));
        assertThat(node.ask(outside, BALANCER, 80)).isEqualTo("timeout");
        assertThat(node.ask(outside, EXTERNAL, 80)).as("external addresses are not guarded").isEqualTo("p11");
        apply(external(false, List.of("fd00::/64"), endpoint(11)));
        assertThat(node.ask(outside, BALANCER, 80)).as("ranges of the other family are for that family").isEqualTo("p11");
    }

    @Test
    void aPortThatAServiceDoesNotHaveIsRefusedAndAnAddressThatNoServiceHasLeadsNowhere() throws Exception {
        state.frame(new Frame(new LocalTraffic.Ranges(List.of("10.244.0.0/16")), 14, List.of(), List.of("10.96.0.0/12", "fd00:96::/112")));
        apply(service(0, 0, false, endpoint(11)));
        assertThat(node.ask(client, SERVICE, 81)).isEqualTo("refused");
        assertThat(node.ask(node.name(), SERVICE, 81)).isEqualTo("refused");
        assertThat(node.ask(client, SERVICE, 80)).isEqualTo("p11");
        assertThat(node.ask(client, "10.96.7.7", 80)).isEqualTo("timeout");
    }

    @Test
    void clientsWithAffinityStayWithTheirEndpoint() throws Exception {
        apply(service(0, 600, false, endpoint(11), endpoint(12)));
        assertThat(answers(client, SERVICE, 80, 12)).hasSize(1);
    }

    @Test
    void aForgottenServiceLeavesNothingBehind() throws Exception {
        nft.run(applied());
        String before = node.in(node.name(), "nft", "list", "table", "ip", "kube-proxy");
        apply(service(30080, 600, false, endpoint(11), endpoint(12)));
        state.put("default/web", List.of());
        nft.run(applied());
        assertThat(node.in(node.name(), "nft", "list", "table", "ip", "kube-proxy")).isEqualTo(before);
    }

    @Test
    void rulesThatSomebodyRemovedAreMadeAnew() throws Exception {
        apply(service(0, 0, false, endpoint(11)));
        node.in(node.name(), "nft", "flush", "ruleset");
        assertThat(node.ask(client, SERVICE, 80)).isNotEqualTo("p11");
        state.invalidate();
        nft.run(applied());
        assertThat(node.ask(client, SERVICE, 80)).isEqualTo("p11");
    }

    private Set<String> answers(String from, String address, int port, int times) throws Exception {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < times; i++) {
            answers.add(node.ask(from, address, port));
        }
        return answers;
    }

    private void apply(ServicePort port) throws Exception {
        state.put("default/web", List.of(port));
        nft.run(applied());
    }

    private List<String> applied() {
        ProxyState.Change change = state.next();
        change.done().run();
        return new ArrayList<>(change.commands());
    }

    private static ServicePort service(int nodePort, int affinitySeconds, boolean local, Endpoint... endpoints) {
        return new ServicePort("default", "web", "http", "tcp", SERVICE, 80, nodePort, List.of(), List.of(), List.of(), affinitySeconds, local, false, List.of(endpoints));
    }

    private static ServicePort external(boolean local, List<String> sourceRanges, Endpoint... endpoints) {
        return new ServicePort("default", "web", "http", "tcp", SERVICE, 80, 30080, List.of(EXTERNAL), List.of(BALANCER), sourceRanges, 0, local, false, List.of(endpoints));
    }

    private static Endpoint endpoint(int pod) {
        return new Endpoint("10.244.0." + pod, 8080, true, true, true, false, Set.of(), Set.of());
    }
}
