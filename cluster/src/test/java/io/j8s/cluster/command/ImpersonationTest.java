package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Acting as others, by the verb `impersonate` and by the constrained ones.
class ImpersonationTest {

    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // before each test
    private RunningApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"));
        server.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"actor\"}}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void grant(String rules) throws Exception {
        server.post(RBAC + "/clusterroles", "{\"metadata\":{\"name\":\"actor\"},\"rules\":[" + rules + "]}");
        server.post(RBAC + "/clusterrolebindings", "{\"metadata\":{\"name\":\"actor\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"actor\"},"
                + "\"subjects\":[{\"kind\":\"ServiceAccount\",\"namespace\":\"default\",\"name\":\"actor\"}]}");
    }

    private static String rule(String group, String resource, String verb, String name) {
        return "{\"apiGroups\":[\"" + group + "\"],\"resources\":[\"" + resource + "\"],\"verbs\":[\"" + verb + "\"]" + (name.isEmpty() ? "" : ",\"resourceNames\":[\"" + name + "\"]") + "}";
    }

    private String token() throws Exception {
        return String.valueOf(server.post("/api/v1/namespaces/default/serviceaccounts/actor/token", "{\"spec\":{}}").at("status.token"));
    }

    @Test
    void a_constrained_actor_acts_as_another_for_what_he_may_and_no_more() throws Exception {
        grant(rule("authentication.k8s.io", "users", "impersonate:user-info", "jane") + "," + rule("", "configmaps", "impersonate-on:user-info:list", "") + ","
                + rule("", "configmaps", "list", ""));
        server.post(RBAC + "/clusterrolebindings", "{\"metadata\":{\"name\":\"jane\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"view\"},"
                + "\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"jane\"}]}");
        server.post(RBAC + "/clusterroles", "{\"metadata\":{\"name\":\"view-all\",\"labels\":{}},\"rules\":[" + rule("", "configmaps", "list", "") + "]}");
        server.post(RBAC + "/clusterrolebindings", "{\"metadata\":{\"name\":\"jane-2\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"view-all\"},"
                + "\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"jane\"}]}");
        String token = token();
        assertThat(server.getAs(token, "jane", "/api/v1/namespaces/default/configmaps").status()).isEqualTo(200);
        RunningApiServer.Told other = server.getAs(token, "jane", "/api/v1/namespaces/default/secrets");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.at("message").toString()).contains("cannot impersonate-on:user-info:list resource \"secrets\"");
        assertThat(server.getAs(token, "joe", "/api/v1/namespaces/default/configmaps").at("message").toString()).contains("cannot impersonate:user-info resource \"users\" in API group \"authentication.k8s.io\"");
    }

    @Test
    void the_older_verb_still_suffices() throws Exception {
        grant(rule("", "users", "impersonate", "jane"));
        String token = token();
        assertThat(server.getAs(token, "jane", "/version").status()).isEqualTo(200);
        assertThat(server.getAs(token, "joe", "/version").status()).isEqualTo(403);
    }

    @Test
    void nodes_and_accounts_get_the_groups_that_they_always_have() throws Exception {
        assertThat(server.postAs("system:node:n1", WHO, "{}").at("status.userInfo.groups")).isEqualTo(List.of("system:nodes", "system:authenticated"));
        assertThat(server.postAs("system:serviceaccount:a:b", WHO, "{}").at("status.userInfo.groups"))
                .isEqualTo(List.of("system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"));
        assertThat(server.postAs("system:anonymous", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "{\"spec\":{}}").status()).isEqualTo(403);
    }
}
