package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Result;
import io.j8s.it.host.TestHost;
import io.j8s.it.node.RealCluster.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Services as applications in pods and clients outside of them reach them: by name, by cluster IP, by node port.
@ExtendWith(RealCluster.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicesTest {
    private static final String HELLO = "hello from the web\n";
    private final RealCluster cluster;
    private Room room;

    ServicesTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path archive = ResolverImage.write(folder);
        cluster.j8s().ok("image", "load", archive.toString());
        Files.delete(archive);
        room = cluster.room("services");
        room.ok("run", "client", "--image=" + ResolverImage.NAME);
        room.ok("create", "deployment", "web", "--image=" + BusyboxImage.NAME, "--replicas=2");
        room.ok("expose", "deployment", "web", "--port=80", "--target-port=8080", "--type=NodePort");
        room.ok("rollout", "status", "deployment/web", "--timeout=50s");
        room.ready("pod/client");
    }

    @Test
    void aServiceIsReachedByEachOfItsNamesAndItsAddress() {
        for (String name : new String[] {"web", "web.services", "web.services.svc", "web.services.svc.cluster.local", field("web", "{.spec.clusterIP}")}) {
            assertThat(fetched("http://" + name)).as(name).isEqualTo(HELLO);
        }
        assertThat(inside("getent", "hosts", "kubernetes.default").ok()).startsWith("10.96.0.1 ");
        assertThat(inside("getent", "hosts", "nothing.services").status()).isEqualTo(2);
    }

    @Test
    void aNodePortAnswersOutsideOfThePodNetworkAndInside() {
        String port = field("web", "{.spec.ports[0].nodePort}");
        assertThat(outside("http://" + TestHost.ADDRESS + ":" + port)).isEqualTo(HELLO);
        assertThat(fetched("http://" + TestHost.ADDRESS + ":" + port)).isEqualTo(HELLO);
    }

    @Test
    void aHeadlessServiceNamesItsPodsAndAnExternalNameAnotherHost() {
        room.ok("expose", "deployment", "web", "--name=heads", "--port=8080", "--cluster-ip=None");
        Set<String> pods = Set.of(room.ok("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.podIP}").split(" "));
        assertThat(fetched("http://heads:8080")).isEqualTo(HELLO);
        Set<String> named = new HashSet<>();
        inside("getent", "ahostsv4", "heads").ok().lines().forEach(line -> named.add(line.split("\\s+")[0]));
        assertThat(named).isEqualTo(pods);
        room.ok("create", "service", "externalname", "elsewhere", "--external-name=web.services.svc.cluster.local");
        assertThat(fetched("http://elsewhere")).isEqualTo(HELLO);
    }

    @Test
    void aClientStaysWithOnePodWhenTheServiceSaysSo() {
        for (String pod : room.ok("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}").split(" ")) {
            room.ok("exec", pod, "--", "sh", "-c", "mkdir -p /tmp/www && hostname > /tmp/www/index.html && httpd -p 8081 -h /tmp/www");
        }
        room.ok("expose", "deployment", "web", "--name=names", "--port=80", "--target-port=8081");
        room.ok("expose", "deployment", "web", "--name=sticky", "--port=80", "--target-port=8081", "--session-affinity=ClientIP");
        Set<String> sticky = new HashSet<>();
        Set<String> others = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            sticky.add(fetched("http://sticky"));
            others.add(fetched("http://names"));
        }
        assertThat(sticky).hasSize(1);
        assertThat(others).as("answers without affinity").hasSize(2);
    }

    @Test
    void localPoliciesKeepTrafficOnTheNode() {
        room.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: near}
                spec:
                  type: NodePort
                  selector: {app: web}
                  internalTrafficPolicy: Local
                  externalTrafficPolicy: Local
                  ports: [{port: 80, targetPort: 8080}]
                """);
        assertThat(fetched("http://near")).isEqualTo(HELLO);
        assertThat(outside("http://" + TestHost.ADDRESS + ":" + field("near", "{.spec.ports[0].nodePort}"))).isEqualTo(HELLO);
    }

    @Test
    void loadBalancersAreToldWhetherTheNodeHasEndpoints() {
        room.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: balanced}
                spec:
                  type: LoadBalancer
                  selector: {app: web}
                  externalTrafficPolicy: Local
                  ports: [{port: 80, targetPort: 8080}]
                """);
        String port = field("balanced", "{.spec.healthCheckNodePort}");
        assertThat(outside("http://127.0.0.1:" + port + "/")).contains("\"namespace\": \"services\"", "\"localEndpoints\": 2", "\"serviceProxyHealthy\": true");
    }

    @Test
    void aServiceWithoutPodsRefusesAtOnce() {
        room.ok("create", "service", "clusterip", "empty", "--tcp=80:8080");
        Result refused = inside("curl", "-sS", "--max-time", "20", "http://" + field("empty", "{.spec.clusterIP}"));
        assertThat(refused.status()).as("refused, not timed out (28)").isEqualTo(7);
        room.ok("create", "deployment", "gone", "--image=" + BusyboxImage.NAME);
        room.ok("expose", "deployment", "gone", "--port=80", "--target-port=8080");
        room.ok("rollout", "status", "deployment/gone", "--timeout=50s");
        assertThat(fetched("http://gone")).isEqualTo(HELLO);
        room.ok("scale", "deployment", "gone", "--replicas=0");
        room.ok("wait", "--for=delete", "pod", "-l", "app=gone", "--timeout=50s");
        assertThat(inside("curl", "-sS", "--connect-timeout", "5", "--retry", "2", "--retry-all-errors", "http://gone").status()).as("refused, not timed out (28)").isEqualTo(7);
    }

    private String field(String service, String path) {
        return room.ok("get", "service", service, "-o", "jsonpath=" + path);
    }

    private Result inside(String... command) {
        String[] arguments = new String[command.length + 3];
        System.arraycopy(new String[] {"exec", "client", "--"}, 0, arguments, 0, 3);
        System.arraycopy(command, 0, arguments, 3, command.length);
        return room.run(arguments);
    }

    /// From the pod. The rules of the proxy may be a moment behind the service: a refused connection is tried again.
    private String fetched(String url) {
        return inside("curl", "-sS", "--retry", "20", "--retry-delay", "1", "--retry-all-errors", "--max-time", "30", url).ok();
    }

    private String outside(String url) {
        return cluster.host().run("curl", "-sS", "--retry", "20", "--retry-delay", "1", "--retry-all-errors", "--max-time", "30", url).ok();
    }
}
