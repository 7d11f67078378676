package io.j8s.apiserver.operation;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Upkeep;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.PatchOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Does what a resource declares is to follow each of its writes.
public final class Aftercare implements Upkeep {

    private static final User SERVER = User.of("system:apiserver", User.MASTERS, User.AUTHENTICATED);

    private final Engine engine;
    private final Writes writes;

    public Aftercare(Engine engine, Writes writes) {
        this.engine = engine;
        this.writes = writes;
    }

    /// After a write or a removal of this object.
    <T extends Struct> void of(Resource<T> resource, T object) {
        resource.afterWrite(object, this);
    }

    @Override
    public ClusterState state() {
        return engine.tables();
    }

    @Override
    public Instant now() {
        return engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    @SuppressWarnings("unchecked") // the table of a resource that is named in its hub's version holds its values
    public <X extends Struct> void applyStatus(ApiResource<X> resource, X configuration, String manager) {
        ResourceTable<X> table = (ResourceTable<X>) engine.tables().tableOf(resource);
        Version<X, ?> version = table == null ? null : table.resource().version(resource.group(), resource.version());
        if (table == null || version == null) {
            return;
        }
        ObjectMeta meta = Objects.metadata(configuration);
        Target<X> target = new Target<>(table.resource(), version, meta.namespace(), meta.name());
        try {
            new Patching<>(engine, writes, target, new Call(SERVER, manager), "status", PatchKind.APPLY, Json.writePlain(withoutEmpty(PlainJson.of(Objects.typed(configuration)))), "Ignore")
                    .apply(() -> {}, new WritePolicy(false, manager, true, PatchOptions.EMPTY));
        } catch (Refusal refusal) {
            if (refusal.code() != 404) {
                throw refusal;
            }
        }
    }

    /// Fields that are written though they are empty say nothing, and are not to be owned.
    private static Object withoutEmpty(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> {
                Map<String, Object> left = new LinkedHashMap<>();
                map.forEach((name, value) -> {
                    if (!value.equals("") && value != JsonNull.NULL) {
                        left.put((String) name, withoutEmpty(value));
                    }
                });
                yield left;
            }
            case List<?> list -> list.stream().map(Aftercare::withoutEmpty).toList();
            default -> plain;
        };
    }
}
