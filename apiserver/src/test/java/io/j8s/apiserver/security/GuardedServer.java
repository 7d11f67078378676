package io.j8s.apiserver.security;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resources.Resources;
import io.j8s.client.Client;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.util.List;

/// A server in memory, guarded as by default, with the service account `default` in the namespace `default`.
public final class GuardedServer implements AutoCloseable {

    private final LocalStore store = LocalStore.inMemory(Timeline.system());
    private final ApiServer server;

    public GuardedServer() throws IOException {
        server = ApiServer.start(
                new ApiServerConfig("127.0.0.1", 0, null, Resources.all(), Security.by(SecuritySettings.DEFAULT), ApiServerConfig.DEFAULT_KEPT_JSON_BYTES),
                store, Timeline.system());
        administrator().create(ServiceAccount.RESOURCE, "default", ServiceAccount.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("default")));
    }

    public ApiServer server() {
        return server;
    }

    public Client administrator() {
        return server.client(User.of("admin", User.MASTERS, User.AUTHENTICATED), "test");
    }

    public Client as(String user, String... groups) {
        return server.client(User.of(user, groups).withGroup(User.AUTHENTICATED), "test");
    }

    public static Pod pod(String name) {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))
                .withSpec(PodSpec.EMPTY.withContainers(List.of(Container.EMPTY.withName("c").withImage("i"))));
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
