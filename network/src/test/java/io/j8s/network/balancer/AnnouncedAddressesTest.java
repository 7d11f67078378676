package io.j8s.network.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A node and a neighbour on one link, each a network namespace of its own.
class AnnouncedAddressesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final String node = "j8s-lb-" + ProcessHandle.current().pid();
    private final String neighbour = node + "-peer";
    private final Timeline time = Timeline.system();
    private final MemoryApi api = new MemoryApi(time);

    @BeforeEach
    void join() throws Exception {
        run(List.of("ip", "netns", "add", node));
        run(List.of("ip", "netns", "add", neighbour));
        run(List.of("ip", "-n", node, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", neighbour));
        for (String each : List.of(node, neighbour)) {
            run(List.of("ip", "-n", each, "link", "set", "lo", "up"));
            run(List.of("ip", "-n", each, "link", "set", "eth0", "up"));
        }
        run(List.of("ip", "-n", node, "address", "add", "192.0.2.1/24", "dev", "eth0"));
        run(List.of("ip", "-n", neighbour, "address", "add", "192.0.2.2/24", "dev", "eth0"));
    }

    @AfterEach
    void part() throws Exception {
        run(List.of("ip", "netns", "delete", node));
        run(List.of("ip", "netns", "delete", neighbour));
    }

    private AnnouncedAddresses start() {
        return AnnouncedAddresses.start(api, time, address -> address.startsWith("192.0.2.") || address.startsWith("2001:"), List.of("ip", "netns", "exec", node));
    }

    private void balance(String name, String address) {
        Service service = api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withSpec(s -> s.withType("LoadBalancer")));
        api.updateStatus(Service.RESOURCE, "ns", service.withStatus(s -> s.withLoadBalancer(l -> l.withIngress(List.of(LoadBalancerIngress.EMPTY.withIp(address))))));
    }

    @Test
    void a_neighbour_reaches_the_address_of_a_load_balancer_while_it_is_given() throws Exception {
        try (AnnouncedAddresses addresses = start()) {
            balance("web", "192.0.2.40");
            balance("six", "2001:db8::4");
            balance("foreign", "198.51.100.1");
            assertThat(addresses.await(Set.of("192.0.2.40", "2001:db8:0:0:0:0:0:4"), LONG)).isTrue();
            assertThat(reaches("192.0.2.40")).isTrue();
            api.delete(Service.RESOURCE, "ns", "web", DeleteOptions.DEFAULT);
            assertThat(addresses.await(Set.of("2001:db8:0:0:0:0:0:4"), LONG)).isTrue();
            assertThat(reaches("192.0.2.40")).isFalse();
        }
        try (AnnouncedAddresses again = start()) {
            assertThat(again.await(Set.of("2001:db8:0:0:0:0:0:4"), LONG)).as("a restart finds what is there").isTrue();
        }
        AnnouncedAddresses.remove(List.of("ip", "netns", "exec", node));
        assertThat(run(List.of("ip", "-n", node, "link"))).doesNotContain(AnnouncedAddresses.LINK);
    }

    private boolean reaches(String address) throws Exception {
        Process ping = new ProcessBuilder("ip", "netns", "exec", neighbour, "busybox", "ping", "-c", "1", "-W", "2", address).redirectErrorStream(true).start();
        ping.getInputStream().readAllBytes();
        return ping.waitFor() == 0;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed (the test needs root, and the packages iproute2 and busybox-static): " + output);
        }
        return output;
    }
}
