package io.j8s.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ForeignSpecTest {

    private static final String OWN = """
            {"swagger":"2.0","paths":{"/api/v1/pods":{"get":{"schema":{"$ref":"#/definitions/Meta"}}}},"definitions":{"Meta":{"type":"object"},"Same":{"type":"string"}}}""";
    private static final String THEIRS = """
            {"swagger":"2.0",
             "paths":{"/apis/wardle.io/v1/flunders":{"get":{"parameters":[{"$ref":"#/parameters/pretty"}],"schema":{"$ref":"#/definitions/Flunder"}}},
                      "/apis/wardle.io/v1beta1/flunders":{"get":{}}, "/version":{"get":{}}},
             "parameters":{"pretty":{"name":"pretty","in":"query"}},
             "definitions":{"Flunder":{"properties":{"meta":{"$ref":"#/definitions/Meta"},"same":{"$ref":"#/definitions/Same"}}},"Meta":{"type":"object","description":"another one"},
                            "Same":{"type":"string"},"Unused":{"type":"string"}}}""";

    @SuppressWarnings("unchecked") // JSON objects
    private static Map<String, Object> map(Object plain) {
        return (Map<String, Object>) plain;
    }

    private static Map<String, Object> merged(String theirs) {
        ForeignDocuments.Source nowhere = (path, fields) -> {
            throw new IOException("not asked");
        };
        ForeignDocuments other = new ForeignDocuments("wardle.io", "v1", Map.of(), theirs.getBytes(StandardCharsets.UTF_8), "1", nowhere);
        return ForeignSpec.merged(map(Json.readPlain(OWN.getBytes(StandardCharsets.UTF_8))), List.of(other));
    }

    @Test
    void takes_the_paths_of_the_version_and_what_they_need() {
        Map<String, Object> merged = merged(THEIRS);
        assertThat(map(merged.getOrDefault("paths", ""))).containsOnlyKeys("/api/v1/pods", "/apis/wardle.io/v1/flunders");
        assertThat(map(merged.getOrDefault("definitions", ""))).containsOnlyKeys("Meta", "Meta_v2", "Same", "Flunder");
        String text = new String(Json.writePlain(merged), StandardCharsets.UTF_8);
        assertThat(text).contains("{\"$ref\":\"#/definitions/Meta_v2\"}").contains("\"parameters\":[{\"name\":\"pretty\",\"in\":\"query\"}]").doesNotContain("Unused");
    }

    @Test
    void a_document_that_is_none_changes_nothing() {
        assertThat(map(merged("<html>").getOrDefault("paths", ""))).containsOnlyKeys("/api/v1/pods");
        assertThat(map(merged("[]").getOrDefault("definitions", ""))).containsOnlyKeys("Meta", "Same");
    }
}
