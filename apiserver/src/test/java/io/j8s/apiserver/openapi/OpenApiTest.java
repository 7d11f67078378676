package io.j8s.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.resources.Resources;
import io.j8s.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest {

    private final OpenApi documents = new OpenApi(() -> List.copyOf(Resources.all()), List::of, CustomSchemas.NONE, "v1.36.3");

    @Test
    void everyGroupAndVersionHasADocumentWhoseReferencesLeadSomewhere() {
        Map<?, ?> paths = (Map<?, ?>) Objects.requireNonNull(documents.index().get("paths"));
        assertThat(paths.keySet().stream().map(String::valueOf)).contains("api/v1", "apis/apps/v1", "apis/rbac.authorization.k8s.io/v1");
        for (Object place : paths.keySet()) {
            Map<?, ?> document = json(Objects.requireNonNull(documents.v3(String.valueOf(place), OpenApi.Form.JSON)).bytes());
            Map<?, ?> schemas = at(document, "components", "schemas");
            assertThat(references(document, new TreeSet<>())).as("%s", place).allMatch(reference -> schemas.containsKey(reference.substring("#/components/schemas/".length())));
        }
    }

    @Test
    void theOlderFormHoldsEverything() {
        Map<?, ?> document = json(documents.v2(OpenApi.Form.JSON).bytes());
        Map<?, ?> definitions = at(document, "definitions");
        assertThat(references(document, new TreeSet<>())).allMatch(reference -> definitions.containsKey(reference.substring("#/definitions/".length())));
        assertThat(at(definitions, "io.k8s.api.core.v1.Pod").get("x-kubernetes-group-version-kind"))
                .isEqualTo(List.of(Map.of("group", "", "kind", "Pod", "version", "v1")));
        Map<?, ?> containers = at(definitions, "io.k8s.api.core.v1.PodSpec", "properties", "containers");
        assertThat(containers.get("x-kubernetes-patch-merge-key")).isEqualTo("name");
        assertThat(containers.get("x-kubernetes-patch-strategy")).isEqualTo("merge");
        assertThat(containers.get("x-kubernetes-list-type")).isEqualTo("map");
    }

    @Test
    void clientsSeeThatPatchesAreValidatedByTheServer() {
        Map<?, ?> document = json(Objects.requireNonNull(documents.v3("apis/apps/v1", OpenApi.Form.JSON)).bytes());
        Map<?, ?> patch = at(document, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
        List<?> parameters = (List<?>) Objects.requireNonNull(patch.get("parameters"));
        assertThat(parameters.stream().map(parameter -> ((Map<?, ?>) parameter).get("name"))).anyMatch("fieldValidation"::equals);
        assertThat(patch.get("x-kubernetes-group-version-kind")).isEqualTo(Map.of("group", "apps", "kind", "Deployment", "version", "v1"));
    }

    @Test
    void aDocumentIsKeptWhileNothingChanges() {
        assertThat(documents.v2(OpenApi.Form.PROTOBUF).bytes()).isSameAs(documents.v2(OpenApi.Form.PROTOBUF).bytes());
        assertThat(documents.v3("apis/none/v1", OpenApi.Form.JSON)).isNull();
    }

    private static TreeSet<String> references(Object value, TreeSet<String> found) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((name, child) -> {
                if ("$ref".equals(name) && child instanceof String reference) {
                    found.add(reference);
                } else {
                    references(child, found);
                }
            });
            case List<?> list -> list.forEach(child -> references(child, found));
            default -> {
                return found;
            }
        }
        return found;
    }

    private static Map<?, ?> json(byte[] bytes) {
        return (Map<?, ?>) Json.readPlain(bytes);
    }

    private static Map<?, ?> at(Map<?, ?> document, String... path) {
        Map<?, ?> at = document;
        for (String name : new ArrayList<>(List.of(path))) {
            at = (Map<?, ?>) Objects.requireNonNull(at.get(name), name);
        }
        return at;
    }
}
