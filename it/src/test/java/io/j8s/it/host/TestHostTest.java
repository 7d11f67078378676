package io.j8s.it.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestHostTest {

    @Test
    void aTestHostHasAnAddressAndADefaultRouteButNoWayOut() {
        try (TestHost host = TestHost.create()) {
            assertThat(host.run("ip", "-4", "route", "get", "8.8.8.8").ok()).contains("dev host0 src " + TestHost.ADDRESS);
            assertThat(host.run("ip", "-brief", "link").ok().lines()).hasSize(3);
            assertThat(host.run("bash", "-c", "timeout 1 bash -c 'echo x > /dev/tcp/192.0.2.254/80'").status()).isNotZero();
            assertThat(host.run("cat", "/proc/1/comm").ok().strip()).isEqualTo("bash");
        }
    }

    @Test
    void closingATestHostEndsEveryProcessInIt() throws Exception {
        Process left;
        try (TestHost host = TestHost.create()) {
            left = host.start(java.util.Map.of(), "sleep", "1000");
            assertThat(host.run("pgrep", "-f", "sleep 1000").ok()).isNotBlank();
        }
        assertThat(left.waitFor(java.time.Duration.ofSeconds(5))).isTrue();
    }
}
