package io.j8s.apiserver.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class HeldClientsTest {

    private static void assertClosed(HttpClient client) {
        assertThatThrownBy(() -> client.send(HttpRequest.get(URI.create("http://127.0.0.1:1/")))).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    private static void assertOpen(HttpClient client) {
        assertThatThrownBy(() -> client.send(HttpRequest.get(URI.create("http://127.0.0.1:1/")))).isInstanceOf(IOException.class).hasMessageNotContaining("is closed");
    }

    @Test
    void the_longest_unused_one_is_closed_when_its_last_call_ends() {
        try (EventLoops loops = EventLoops.forThisMachine();
                HeldClients<Integer> clients = new HeldClients<>(2, key -> new HttpClient(loops, ClientConfig.of(ClientTls.SYSTEM), Timeline.system()))) {
            HttpClient first;
            try (HeldClients<Integer>.Use running = clients.use(1)) {
                first = running.client();
                for (int rotated = 2; rotated < 100; rotated++) {
                    clients.use(rotated).close();
                }
                assertThat(clients.size()).isEqualTo(2);
                assertOpen(first);
            }
            assertClosed(first);
        }
    }

    @Test
    void one_in_use_is_shared_and_kept() {
        try (EventLoops loops = EventLoops.forThisMachine();
                HeldClients<String> clients = new HeldClients<>(2, key -> new HttpClient(loops, ClientConfig.of(ClientTls.SYSTEM), Timeline.system()))) {
            try (HeldClients<String>.Use one = clients.use("a"); HeldClients<String>.Use other = clients.use("a")) {
                assertThat(one.client()).isSameAs(other.client());
            }
            try (HeldClients<String>.Use again = clients.use("a")) {
                assertOpen(again.client());
            }
        }
    }
}
