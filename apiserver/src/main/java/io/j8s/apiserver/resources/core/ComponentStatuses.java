package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.ComponentCondition;
import io.j8s.model.core.v1.ComponentStatus;
import io.j8s.model.meta.v1.ObjectMeta;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// `componentstatuses`: not stored, but asked of the components when somebody looks. Scheduler and controller manager are looked for where they serve on this host;
/// the store is this server's own, and without it nothing would be answered.
final class ComponentStatuses {

    private static final int SCHEDULER_PORT = 10259;
    private static final int CONTROLLERS_PORT = 10257;
    private static final int PATIENCE_MILLIS = 1000;

    private ComponentStatuses() {}

    static Resource<ComponentStatus> resource() {
        return Resource.of(ComponentStatus.RESOURCE)
                .shortNames("cs")
                .computed(ComponentStatuses::of, () -> Stream.of("scheduler", "controller-manager", "etcd-0").map(ComponentStatuses::of).map(Objects::requireNonNull).toList())
                .table(table -> table
                        .nameColumn()
                        .column("Status", "string", "Whether the component is healthy.", (component, now) -> healthy(component) ? "Healthy" : "Unhealthy")
                        .column("Message", "string", "What the component says of itself.", (component, now) -> condition(component).message())
                        .column("Error", "string", "Why it could not be asked.", (component, now) -> condition(component).error()))
                .build();
    }

    private static ComponentCondition condition(ComponentStatus component) {
        return component.conditions().isEmpty() ? ComponentCondition.EMPTY : component.conditions().getFirst();
    }

    private static boolean healthy(ComponentStatus component) {
        return condition(component).status().equals("True");
    }

    private static @org.jspecify.annotations.Nullable ComponentStatus of(String name) {
        ComponentCondition condition = switch (name) {
            case "scheduler" -> serving(SCHEDULER_PORT);
            case "controller-manager" -> serving(CONTROLLERS_PORT);
            case "etcd-0" -> healthy("ok");
            default -> null;
        };
        return condition == null ? null : ComponentStatus.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withConditions(List.of(condition));
    }

    private static ComponentCondition healthy(String message) {
        return ComponentCondition.EMPTY.withType("Healthy").withStatus("True").withMessage(message);
    }

    private static ComponentCondition serving(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return healthy("ok");
        } catch (IOException e) {
            return ComponentCondition.EMPTY.withType("Healthy").withStatus("False")
                    .withMessage("Get \"https://127.0.0.1:" + port + "/healthz\": dial tcp 127.0.0.1:" + port + ": connect: connection refused");
        }
    }
}
