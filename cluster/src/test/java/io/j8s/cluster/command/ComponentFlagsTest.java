package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentFlagsTest {

    @Test
    void flags_of_the_api_server_have_upstreams_defaults_and_what_was_given() {
        Map<String, String> flags = ComponentFlags.of("kube-apiserver", KubeApiServerCommand.line().setCaseInsensitiveEnumValuesAllowed(true).parseArgs(
                "--secure-port=1234", "--authorization-mode=Node,RBAC", "--request-timeout=90s", "--anonymous-auth=false", "--event-ttl=2h"));
        assertThat(flags).containsEntry("secure-port", "1234").containsEntry("authorization-mode", "[Node,RBAC]").containsEntry("request-timeout", "1m30s")
                .containsEntry("anonymous-auth", "false").containsEntry("event-ttl", "2h0m0s").containsEntry("audit-webhook-batch-throttle-qps", "10")
                .containsEntry("etcd-compaction-interval", "5m0s").containsEntry("aggregator-reject-forwarding-redirect", "true").containsEntry("token-auth-file", "");
    }
}
