package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.node.RealCluster.Room;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Pods reach each other by their addresses.
@ExtendWith(RealCluster.Provider.class)
class PodNetworkTest {
    private final RealCluster cluster;

    PodNetworkTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void podsReachEachOtherByAddress() {
        Room room = cluster.room("pods");
        room.ok("run", "web", "--image=" + BusyboxImage.NAME);
        room.ready("pod/web");
        room.running("client", "sleep", "1000");
        String address = room.ok("get", "pod", "web", "-o", "jsonpath={.status.podIP}");
        assertThat(address).startsWith("10.244.");
        assertThat(room.ok("exec", "client", "--", "wget", "-q", "-O", "-", "http://" + address + ":8080/index.html")).isEqualTo("hello from the web\n");
    }
}
