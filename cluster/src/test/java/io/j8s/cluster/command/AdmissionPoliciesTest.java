package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Validating policies, with parameters in custom resources, and what they say.
class AdmissionPoliciesTest {

    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private static void policy(RunningApiServer server, String spec, String binding) throws Exception {
        server.delete(REGISTRATION + "/validatingadmissionpolicybindings/b");
        server.delete(REGISTRATION + "/validatingadmissionpolicies/p");
        RunningApiServer.Told made = server.post(REGISTRATION + "/validatingadmissionpolicies", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"\"],"
                + "\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"configmaps\"]}]}," + spec + "}}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        RunningApiServer.Told bound = server.post(REGISTRATION + "/validatingadmissionpolicybindings",
                "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"policyName\":\"p\",\"validationActions\":[\"Deny\"]" + binding + "}}");
        assertThat(bound.status()).as(bound.body()).isEqualTo(201);
    }

    private static String map(String value) {
        return "{\"metadata\":{\"name\":\"m" + value + "\"},\"data\":{\"n\":\"" + value + "\"}}";
    }

    @Test
    void parameters_come_from_custom_resources() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            server.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "{\"metadata\":{\"name\":\"limits.rules.example.com\"},\"spec\":{\"group\":\"rules.example.com\",\"scope\":\"Namespaced\","
                    + "\"names\":{\"plural\":\"limits\",\"singular\":\"limit\",\"kind\":\"Limit\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":"
                    + "{\"type\":\"object\",\"properties\":{\"most\":{\"type\":\"integer\"}}}}}]}}");
            String limits = "/apis/rules.example.com/v1/namespaces/default/limits";
            while (server.get(limits).status() != 200) {
                Thread.onSpinWait();
            }
            RunningApiServer.Told limit = server.post(limits, "{\"apiVersion\":\"rules.example.com/v1\",\"kind\":\"Limit\",\"metadata\":{\"name\":\"l\"},\"most\":3}");
            assertThat(limit.status()).as(limit.body()).isEqualTo(201);
            policy(server, "\"paramKind\":{\"apiVersion\":\"rules.example.com/v1\",\"kind\":\"Limit\"},\"validations\":[{\"expression\":\"int(object.data.n) <= params.most\","
                    + "\"messageExpression\":\"'at most ' + string(params.most)\"}]", ",\"paramRef\":{\"name\":\"l\",\"namespace\":\"default\",\"parameterNotFoundAction\":\"Deny\"}");
            assertThat(server.post(MAPS, map("2")).status()).isEqualTo(201);
            RunningApiServer.Told refused = server.post(MAPS, map("5"));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.at("message")).isEqualTo("configmaps \"m5\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: at most 3");
            server.delete(limits + "/l");
            assertThat(server.post(MAPS, map("1")).at("message").toString()).endsWith("failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
        }
    }

    @Test
    void failures_are_told_in_the_words_of_the_language() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            policy(server, "\"variables\":[{\"name\":\"x\",\"expression\":\"object.nope\"}],\"validations\":[{\"expression\":\"variables.x == 1\"}]", "");
            assertThat(server.post(MAPS, map("1")).at("message").toString())
                    .endsWith("expression 'variables.x == 1' resulted in error: composited variable \"x\" fails to evaluate: no such key: nope");
            RunningApiServer.Told untyped = server.post(REGISTRATION + "/validatingadmissionpolicies?dryRun=All", "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"matchConstraints\":{\"resourceRules\":"
                    + "[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"configmaps\"]}]},\"validations\":[{\"expression\":\"object.data.flag\"}]}}");
            assertThat(untyped.status()).isEqualTo(422);
            assertThat(untyped.body()).contains("must evaluate to bool but got dyn");
        }
    }
}
