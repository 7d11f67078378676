package io.j8s.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxyStateTest {

    private final ProxyState state = new ProxyState("n1", "z1", Frame.of(List.of("10.244.0.0/16")));

    @Test
    void nothingChangedMeansNoCommands() {
        state.put("a/web", List.of(port("web", "10.96.0.1", endpoint("10.244.0.5"))));
        state.next().done().run();
        state.put("a/web", List.of(port("web", "10.96.0.1", endpoint("10.244.0.5"))));
        assertThat(state.next().commands()).isEmpty();
    }

    @Test
    void oneChangeTouchesOneServiceHoweverManyThereAre() {
        for (int i = 0; i < 2000; i++) {
            state.put("a/s" + i, List.of(port("s" + i, "10.96." + i / 250 + "." + (i % 250 + 1), endpoint("10.244.0.5"))));
        }
        state.next().done().run();
        state.put("a/s7", List.of(port("s7", "10.96.0.8", endpoint("10.244.0.5"), endpoint("10.244.0.6"))));
        assertThat(state.next().commands()).hasSizeLessThan(5);
    }

    @Test
    void whatWasNotRunIsAskedForAgain() {
        state.next().done().run();
        state.put("a/web", List.of(port("web", "10.96.0.1", endpoint("10.244.0.5"))));
        List<String> first = state.next().commands();
        assertThat(first).isNotEmpty();
        assertThat(state.next().commands()).isEqualTo(first);
    }

    @Test
    void aHairpinAddressStaysWhileAnyServiceUsesIt() {
        state.put("a/one", List.of(port("one", "10.96.0.1", endpoint("10.244.0.5"))));
        state.put("a/two", List.of(port("two", "10.96.0.2", endpoint("10.244.0.5"))));
        state.next().done().run();
        state.put("a/one", List.of());
        assertThat(apply()).noneMatch(command -> command.contains("hairpin-connections"));
        state.put("a/two", List.of());
        assertThat(apply()).anyMatch(command -> command.startsWith("delete element ip kube-proxy hairpin-connections"));
    }

    @Test
    void endpointsMeantForTheZoneAreChosenWhenAllCarryHints() {
        Endpoint near = new Endpoint("10.244.0.5", 80, false, true, true, false, Set.of("z1"), Set.of());
        Endpoint far = new Endpoint("10.244.1.5", 80, false, true, true, false, Set.of("z2"), Set.of());
        state.put("a/web", List.of(port("web", "10.96.0.1", near, far)));
        assertThat(apply()).anyMatch(command -> command.endsWith("dnat to 10.244.0.5:80"));
    }

    @Test
    void endpointsThatEndServeOnWhileNoneIsReady() {
        Endpoint ending = new Endpoint("10.244.0.5", 80, true, false, true, true, Set.of(), Set.of());
        state.put("a/web", List.of(port("web", "10.96.0.1", ending)));
        assertThat(apply()).anyMatch(command -> command.endsWith("dnat to 10.244.0.5:80"));
    }

    @Test
    void bothFamiliesHaveTablesOfTheirOwn() {
        ServicePort six = new ServicePort("a", "web", "", "tcp", "fd00::1", 80, 0, List.of(), List.of(), List.of(), 0, false, false,
                List.of(endpoint("fd00:1::5")));
        state.put("a/web", List.of(six));
        assertThat(apply()).anyMatch(command -> command.endsWith("dnat to [fd00:1::5]:80")).anyMatch(command -> command.startsWith("add table ip kube-proxy"));
    }

    private List<String> apply() {
        ProxyState.Change change = state.next();
        change.done().run();
        return change.commands();
    }

    private static ServicePort port(String name, String address, Endpoint... endpoints) {
        return new ServicePort("a", name, "", "tcp", address, 80, 0, List.of(), List.of(), List.of(), 0, false, false, List.of(endpoints));
    }

    private static Endpoint endpoint(String address) {
        return new Endpoint(address, 80, true, true, true, false, Set.of(), Set.of());
    }
}
