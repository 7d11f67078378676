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
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The server as its own process's clients see it.
final class ApiServerTest {

    private static final String NAMESPACE = "default";

    private final Timeline timeline = Timeline.system();
    private final LocalStore store = LocalStore.inMemory(timeline);
    private ApiServer server = start();
    private Client client = server.client(User.of("tester", User.MASTERS), "tester");

    private ApiServer start() {
        try {
            return ApiServer.start(
                    new ApiServerConfig(
                            "127.0.0.1", 0, null, Resources.all(),
                            state -> exchange -> new Authentication.Known(User.ANONYMOUS),
                            state -> attributes -> attributes.user().in(User.MASTERS) ? new Decision.Allow("") : new Decision.NoOpinion(""),
                            state -> Admission.NONE, ApiServerConfig.DEFAULT_KEPT_JSON_BYTES),
                    store, timeline);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void connect() {
        client = server.client(User.of("tester", User.MASTERS), "tester");
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private static ConfigMap map(String name, String value) {
        return ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withData(Map.of("k", value));
    }

    @Test
    void whatIsCreatedIsReadAndOwned() {
        ConfigMap created = client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        assertThat(created.metadata().uid()).isNotEmpty();
        assertThat(created.metadata().managedFields()).singleElement().satisfies(entry -> assertThat(entry.manager()).isEqualTo("tester"));
        assertThat(client.get(ConfigMap.RESOURCE, NAMESPACE, "a")).isSameAs(client.get(ConfigMap.RESOURCE, NAMESPACE, "a")).isEqualTo(created);
        assertThatThrownBy(() -> client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "2")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.alreadyExists()).isTrue());
    }

    @Test
    void aStaleUpdateIsAConflict() {
        ConfigMap first = client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        client.update(ConfigMap.RESOURCE, NAMESPACE, first.withData(Map.of("k", "2")));
        assertThatThrownBy(() -> client.update(ConfigMap.RESOURCE, NAMESPACE, first.withData(Map.of("k", "3"))))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.isConflict()).isTrue());
    }

    @Test
    void anUpdateThatChangesNothingIsNotStored() {
        ConfigMap first = client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        assertThat(client.update(ConfigMap.RESOURCE, NAMESPACE, first).metadata().resourceVersion()).isEqualTo(first.metadata().resourceVersion());
    }

    @Test
    void aDryRunStoresNothing() {
        WriteOptions dryRun = new WriteOptions("", "", "", true, false);
        client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"), dryRun);
        assertThat(client.find(ConfigMap.RESOURCE, NAMESPACE, "a")).isNull();
    }

    @Test
    void generatedNamesDiffer() {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            ConfigMap unnamed = ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withGenerateName("x-"));
            names.add(client.create(ConfigMap.RESOURCE, NAMESPACE, unnamed).metadata().name());
        }
        assertThat(names).hasSize(20).allMatch(name -> name.startsWith("x-") && name.length() == 7);
    }

    @Test
    void aFinalizerHoldsADeletedObjectUntilItIsGone() {
        ConfigMap held = map("a", "1").withMetadata(meta -> meta.withFinalizers(List.of("example.com/hold")));
        client.create(ConfigMap.RESOURCE, NAMESPACE, held);
        client.delete(ConfigMap.RESOURCE, NAMESPACE, "a", DeleteOptions.DEFAULT);
        ConfigMap deleting = client.get(ConfigMap.RESOURCE, NAMESPACE, "a");
        assertThat(deleting.metadata().hasDeletionTimestamp()).isTrue();
        client.update(ConfigMap.RESOURCE, NAMESPACE, deleting.withMetadata(ObjectMeta::withoutFinalizers));
        assertThat(client.find(ConfigMap.RESOURCE, NAMESPACE, "a")).isNull();
    }

    @Test
    void pagesAreOfOneMoment() {
        for (int i = 0; i < 5; i++) {
            client.create(ConfigMap.RESOURCE, NAMESPACE, map("m" + i, "1"));
        }
        Page<ConfigMap> first = client.list(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL.page(2, ""));
        client.delete(ConfigMap.RESOURCE, NAMESPACE, "m3", DeleteOptions.DEFAULT);
        client.create(ConfigMap.RESOURCE, NAMESPACE, map("m9", "1"));
        Page<ConfigMap> second = client.list(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL.page(2, first.next()));
        Page<ConfigMap> third = client.list(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL.page(2, second.next()));
        List<String> names = new ArrayList<>();
        List.of(first, second, third).forEach(page -> page.items().forEach(item -> names.add(item.metadata().name())));
        assertThat(names).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(third.resourceVersion()).isEqualTo(first.resourceVersion());
    }

    @Test
    void objectsMoveInAndOutOfASelectedWatch() throws InterruptedException {
        Page<ConfigMap> before = client.list(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL);
        ListOptions red = ListOptions.labels("color=red").from(before.resourceVersion());
        try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, NAMESPACE, red)) {
            client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
            label("red");
            label("red", "size", "big");
            label("blue");
            assertThat(watch.next()).isInstanceOf(WatchEvent.Added.class);
            assertThat(watch.next()).isInstanceOf(WatchEvent.Modified.class);
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Deleted.class, event -> assertThat(((ConfigMap) event.object()).metadata().labels())
                    .containsEntry("color", "red"));
        }
    }

    private void label(String color, String... more) {
        String extra = more.length == 0 ? "" : ",\"" + more[0] + "\":\"" + more[1] + "\"";
        client.patch(ConfigMap.RESOURCE, NAMESPACE, "a", new Patch.Merge("{\"metadata\":{\"labels\":{\"color\":\"" + color + "\"" + extra + "}}}"), WriteOptions.NONE);
    }

    @Test
    void aWatchBeginsWithWhatExistsWhenAsked() throws InterruptedException {
        client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        ListOptions initial = new ListOptions("", "", "", "NotOlderThan", 0, "", true, true, 0);
        try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, NAMESPACE, initial)) {
            assertThat(watch.next()).isInstanceOf(WatchEvent.Added.class);
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Bookmark.class, bookmark -> assertThat(bookmark.initialEventsEnd()).isTrue());
        }
    }

    @Test
    void aWatchFromBeforeTheServersMemoryIsServedFromTheStoresHistory() throws InterruptedException {
        ConfigMap first = client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        client.update(ConfigMap.RESOURCE, NAMESPACE, first.withData(Map.of("k", "2")));
        client.delete(ConfigMap.RESOURCE, NAMESPACE, "a", DeleteOptions.DEFAULT);
        server.close();
        server = start();
        connect();
        try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL.from(first.metadata().resourceVersion()))) {
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Modified.class, event -> assertThat(((ConfigMap) event.object()).data()).containsEntry("k", "2"));
            assertThat(watch.next()).isInstanceOf(WatchEvent.Deleted.class);
        }
        store.compact(store.revision());
        client.create(ConfigMap.RESOURCE, NAMESPACE, map("b", "1"));
        try (Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL.from("2"))) {
            assertThat(watch.next()).isInstanceOfSatisfying(WatchEvent.Failed.class, event -> assertThat(event.error().code()).isEqualTo(410));
        }
    }

    @Test
    void applyTakesAndGivesBackFields() {
        ConfigMap applied = ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("a")).withData(Map.of("k", "1", "l", "2"));
        WriteOptions first = WriteOptions.NONE.by("first");
        client.patch(ConfigMap.RESOURCE, NAMESPACE, "a", new Patch.Apply(applied), first);
        assertThatThrownBy(() -> client.patch(ConfigMap.RESOURCE, NAMESPACE, "a", new Patch.Apply(map("a", "other")), WriteOptions.NONE.by("second")))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(409));
        client.patch(ConfigMap.RESOURCE, NAMESPACE, "a", new Patch.Apply(map("a", "1")), first);
        assertThat(client.get(ConfigMap.RESOURCE, NAMESPACE, "a").data()).isEqualTo(Map.of("k", "1"));
    }

    @Test
    void invalidObjectsAreRefusedWithTheirFields() {
        assertThatThrownBy(() -> client.create(ConfigMap.RESOURCE, NAMESPACE, map("Not_A_Name", "1")))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.code()).isEqualTo(422);
                    assertThat(e.getMessage()).contains("metadata.name");
                });
    }

    @Test
    void whoMayNotIsRefused() {
        Client stranger = server.client(User.of("stranger"), "stranger");
        assertThatThrownBy(() -> stranger.get(ConfigMap.RESOURCE, NAMESPACE, "a"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403));
    }

    @Test
    void aServerFindsWhatAnEarlierOneStored() {
        client.create(ConfigMap.RESOURCE, NAMESPACE, map("a", "1"));
        ConfigMap before = client.get(ConfigMap.RESOURCE, NAMESPACE, "a");
        int namespaces = client.list(Namespace.RESOURCE, "").size();
        server.close();
        server = start();
        connect();
        assertThat(client.get(ConfigMap.RESOURCE, NAMESPACE, "a")).isEqualTo(before);
        assertThat(client.list(Namespace.RESOURCE, "")).hasSize(namespaces);
    }
}
