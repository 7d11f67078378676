package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `/metrics` of kube-apiserver has after a small load, compared with what upstream's has: `metric-families.tsv` holds name, type and labels, found by asking v1.36.3.
@Timeout(60)
class MetricFamiliesTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:0-9]+)(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_0-9]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private record Family(String name, String type, List<String> labels) {}

    @Test
    void families_types_and_labels_are_upstreams() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            load(server);
            Map<String, Family> found = read(server.get("/metrics").body());
            List<String> wrong = new ArrayList<>();
            for (Family wanted : wanted()) {
                Family family = found.get(wanted.name);
                if (!wanted.equals(family)) {
                    wrong.add(wanted + ", but it is " + family);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    private static void load(RunningApiServer server) throws IOException, InterruptedException {
        String review = "{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"secrets\"]}";
        server.post("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "{\"metadata\":{\"name\":\"w\"},\"webhooks\":[{\"name\":\"a.load.io\",\"sideEffects\":\"None\","
                + "\"admissionReviewVersions\":[\"v1\"],\"failurePolicy\":\"Ignore\",\"timeoutSeconds\":1,\"clientConfig\":{\"url\":\"https://127.0.0.1:1/x\"},\"rules\":[" + review + "]}]}");
        server.post("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"matchConstraints\":{\"resourceRules\":[" + review
                + "]},\"validations\":[{\"expression\":\"object.metadata.name != 'no'\"}]}}");
        server.post("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"policyName\":\"p\",\"validationActions\":[\"Deny\"]}}");
        server.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"yes\"}}");
        assertThat(server.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"no\"}}").status()).isEqualTo(422);
        server.post("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
        server.post("/api/v1/namespaces/default/pods", "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        server.post("/api/v1/namespaces/default/services", "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
        server.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "{\"metadata\":{\"name\":\"foos.load.io\"},\"spec\":{\"group\":\"load.io\",\"scope\":\"Namespaced\","
                + "\"names\":{\"plural\":\"foos\",\"kind\":\"Foo\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}");
        server.post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
        server.merge(MAPS + "/a", "{\"data\":{\"a\":\"b\"}}");
        server.get(MAPS + "/a");
        server.get(MAPS);
        server.get(MAPS + "?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        server.delete(MAPS + "/a");
        server.get("/api/v1/endpoints");
        server.getAs("admintoken", "somebody", MAPS);
        server.getAs("wrong", MAPS);
    }

    private static List<Family> wanted() throws IOException {
        byte[] table;
        try (var in = Objects.requireNonNull(MetricFamiliesTest.class.getResourceAsStream("metric-families.tsv"))) {
            table = in.readAllBytes();
        }
        return new String(table, StandardCharsets.UTF_8).lines().map(line -> line.split("\t", -1)).map(columns ->
                new Family(columns[0], columns[1], columns[2].isEmpty() ? List.of() : Arrays.asList(columns[2].split(",", -1)))).toList();
    }

    private static Map<String, Family> read(String metrics) {
        Map<String, String> types = metrics.lines().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" ", -1)).collect(Collectors.toMap(words -> words[2], words -> words[3]));
        Map<String, Family> families = new HashMap<>();
        metrics.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String name = types.containsKey(sample.group(1)) ? sample.group(1) : sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
            TreeSet<String> labels = new TreeSet<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
            labels.remove("le");
            families.putIfAbsent(name, new Family(name, String.valueOf(types.get(name)), List.copyOf(labels)));
        });
        return families;
    }
}
