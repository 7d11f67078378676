package io.j8s.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;
import io.j8s.model.Unstructured;
import io.j8s.model.Yaml;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Custom resources from their definition to their end.
final class CustomResourcesTest {

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {kind: Widget, plural: widgets, shortNames: [wg]}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [size]
                        properties:
                          size: {type: integer, minimum: 1}
                          color: {type: string, default: blue}
            """;
    private static final ApiResource<DynamicStruct> WIDGETS =
            new ApiResource<>("example.com", "v1", "widgets", "Widget", true, Unstructured.TYPE, Unstructured.LIST_TYPE);

    private final Timeline timeline = Timeline.system();
    private final LocalStore store = LocalStore.inMemory(timeline);
    private ApiServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = server();
        client = server.client(User.of("tester", User.MASTERS), "tester");
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private ApiServer server() throws IOException {
        return ApiServer.start(
                new ApiServerConfig(
                        "127.0.0.1", 0, null, Resources.all(),
                        state -> exchange -> new Authentication.Known(User.ANONYMOUS),
                        state -> attributes -> attributes.user().in(User.MASTERS) ? new Decision.Allow("") : new Decision.NoOpinion(""),
                        state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES),
                store, timeline);
    }

    @Test
    void anEstablishedDefinitionServesObjectsByItsSchema() throws InterruptedException {
        define();
        DynamicStruct made = client.create(WIDGETS, "default", widget("w", "size: 3, unknown: 1"));
        assertThat(PlainJson.of(made).get("spec")).isEqualTo(Map.of("size", 3L, "color", "blue"));
        assertThatThrownBy(() -> client.create(WIDGETS, "default", widget("bad", "size: 0")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
        assertThat(client.list(WIDGETS, "default")).hasSize(1);
    }

    @Test
    void objectsAreThereAfterARestart() throws Exception {
        define();
        client.create(WIDGETS, "default", widget("w", "size: 3"));
        server.close();
        server = server();
        client = server.client(User.of("tester", User.MASTERS), "tester");
        assertThat(PlainJson.of(client.get(WIDGETS, "default", "w")).get("spec")).isEqualTo(Map.of("size", 3L, "color", "blue"));
    }

    @Test
    void adefinitionGoesAfterItsObjects() throws InterruptedException {
        define();
        client.create(WIDGETS, "default", widget("w", "size: 3"));
        String version = client.get(CustomResourceDefinition.RESOURCE, "", "widgets.example.com").metadata().resourceVersion();
        client.delete(CustomResourceDefinition.RESOURCE, "", "widgets.example.com", DeleteOptions.DEFAULT);
        await(version, event -> event instanceof WatchEvent.Deleted);
        assertThatThrownBy(() -> client.list(WIDGETS, "default")).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.isNotFound()).isTrue());
    }

    private void define() throws InterruptedException {
        CustomResourceDefinition sent = (CustomResourceDefinition) Yaml.read(CustomResourceDefinition.TYPE, DEFINITION.getBytes(StandardCharsets.UTF_8), text -> {});
        CustomResourceDefinition made = client.create(CustomResourceDefinition.RESOURCE, "", sent);
        await(made.metadata().resourceVersion(), event -> event instanceof WatchEvent.Modified<CustomResourceDefinition> modified
                && modified.object().status().conditions().stream().anyMatch(condition -> condition.type().equals("Established") && condition.status().equals("True")));
        client.list(WIDGETS, "default");
    }

    private void await(String after, Predicate<WatchEvent<CustomResourceDefinition>> wanted) throws InterruptedException {
        try (Watch<CustomResourceDefinition> watch = client.watch(CustomResourceDefinition.RESOURCE, "", ListOptions.ALL.from(after))) {
            for (var event = watch.next(); event != null; event = watch.next()) {
                if (wanted.test(event)) {
                    return;
                }
            }
        }
        throw new AssertionError("the watch ended before it happened");
    }

    private static DynamicStruct widget(String name, String spec) {
        String text = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: " + name + "}, spec: {" + spec + "}}";
        return (DynamicStruct) Yaml.read(Unstructured.TYPE, text.getBytes(StandardCharsets.UTF_8), finding -> {});
    }
}
