package io.j8s.apiserver;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.operation.Aftercare;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.PatchKind;
import io.j8s.apiserver.operation.Patching;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.WritePolicy;
import io.j8s.apiserver.operation.Writes;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.meta.v1.CreateOptions;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.PatchOptions;
import io.j8s.model.networking.v1.ServiceCIDR;
import io.j8s.model.networking.v1.ServiceCIDRStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The objects that every server has from its first start: namespaces, RBAC's default roles and bindings, priority classes and levels. They are made when they are
/// missing and left alone when they are there.
final class DefaultObjects {

    private static final Logger LOG = LoggerFactory.getLogger(DefaultObjects.class);
    private static final String FLOW_PRODUCER = "api-priority-and-fairness-config-producer-v1";
    private static final String RANGE_CONTROLLER = "kubernetes-service-cidr-controller";
    private static final String LIST = "default-objects.jsonl";

    private DefaultObjects() {}

    static void create(Engine engine, List<Resource<?>> resources) {
        Writes writes = new Writes(engine);
        try (InputStream in = DefaultObjects.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + LIST + " is missing beside " + DefaultObjects.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] json = line.getBytes(StandardCharsets.UTF_8);
                Resource<?> resource = resource(resources, Json.typeMeta(json));
                if (resource != null) {
                    create(engine, writes, resource, json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Resource<?> resource(List<Resource<?>> resources, Json.TypeMeta meta) {
        for (Resource<?> resource : resources) {
            if (resource.virtual() == null && resource.hub().kind().equals(meta.kind()) && resource.hub().apiVersion().equals(meta.apiVersion())) {
                return resource;
            }
        }
        return null;
    }

    private static <T extends Struct> void create(Engine engine, Writes writes, Resource<T> resource, byte[] json) {
        Version<T, ?> version = resource.version(resource.hub().group(), resource.hub().version());
        if (version == null) {
            return;
        }
        Struct sent = Json.read(version.resource().type(), json);
        ObjectMeta meta = Objects.metadata(sent);
        if (engine.tables().of(resource).get(meta.namespace(), meta.name()) != null) {
            return;
        }
        boolean flowControl = version.resource().group().equals("flowcontrol.apiserver.k8s.io");
        Call call = new Call(User.of("system:apiserver", User.MASTERS, User.AUTHENTICATED), flowControl ? FLOW_PRODUCER : "kube-apiserver");
        try {
            T ready = resource.seeded().apply(version.accept(Objects.typed(sent)));
            Target<T> target = new Target<>(resource, version, meta.namespace(), "");
            writes.create(target, call, ready, new WritePolicy(false, "", false, CreateOptions.EMPTY));
            if (ready instanceof ServiceCIDR range) {
                readyRange(engine, writes, range);
            }
        } catch (Refusal refusal) {
            if (refusal.code() != 409) {
                LOG.error("the default object {} {} is refused: {}", resource, meta.name(), refusal.message());
            }
        }
    }

    /// Says of a new range of addresses that it can be used.
    private static void readyRange(Engine engine, Writes writes, ServiceCIDR range) {
        Condition ready = Condition.EMPTY.withType("Ready").withStatus("True").withMessage("Kubernetes default Service CIDR is ready")
                .withLastTransitionTime(engine.timeline().now().truncatedTo(ChronoUnit.SECONDS));
        new Aftercare(engine, writes).applyStatus(ServiceCIDR.RESOURCE, ServiceCIDR.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(range.metadata().name()))
                .withStatus(ServiceCIDRStatus.EMPTY.withConditions(List.of(ready))), RANGE_CONTROLLER);
    }
}
