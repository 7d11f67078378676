package io.j8s.apiserver.operation;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.client.DeleteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/// One call of an action on an object: what the action may know and do.
public final class ActionCall implements ActionContext {

    private final Engine engine;
    private final Call call;
    private final Target<?> target;
    private final boolean dryRun;
    private final Actions actions;

    public ActionCall(Engine engine, Writes writes, Call call, Target<?> target, boolean dryRun) {
        this.engine = engine;
        this.call = call;
        this.target = target;
        this.dryRun = dryRun;
        this.actions = new Actions(engine, writes);
    }

    /// Performs an action with this body (of the action's type): in the namespace of the request, through admission.
    @SuppressWarnings("unchecked") // the caller has a body of the action's type
    public <B extends Struct> Struct perform(Subresource.Action<?, B> action, Struct body, String manager) {
        Struct placed = action.defaults().apply((B) (action.body().field("metadata") == null ? body : inNamespace(body)));
        Struct answer = action.perform().apply(this, (B) admit(action.name(), placed));
        return engine.ownership().owned(answer, placed, call.managerOr(manager), action.name(), now());
    }

    private Struct inNamespace(Struct body) {
        ObjectMeta meta = Objects.metadata(body);
        if (!target.namespace().isEmpty() && !meta.namespace().isEmpty() && !meta.namespace().equals(target.namespace())) {
            throw Refusal.badRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        return Objects.withMetadata(body, meta.withNamespace(target.namespace()));
    }

    /// Lets admission see, change and refuse the action's body.
    private Struct admit(String subresource, Struct body) {
        AdmissionRequest mutated = engine.admission().mutate(admission(Operation.CREATE, subresource, body));
        engine.admission().validate(mutated);
        return java.util.Objects.requireNonNull(mutated.object());
    }

    /// Lets admission refuse a connection to an object.
    public void admitConnection(String subresource, Struct object) {
        engine.admission().validate(admission(Operation.CONNECT, subresource, object));
    }

    private AdmissionRequest admission(Operation operation, String subresource, Struct object) {
        return new AdmissionRequest(
                operation, target.resource(), target.version().resource(), subresource, target.namespace(), target.name(), object, null, null, user(), dryRun, now(),
                state(), this::warn, call::annotate);
    }

    @Override
    public User user() {
        return call.user();
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public Instant now() {
        return engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    @Override
    public ClusterState state() {
        return engine.tables();
    }

    @Override
    public void annotate(String key, String value) {
        call.annotate(key, value);
    }

    @Override
    public void warn(String text) {
        call.warn(text);
    }

    @Override
    public <X extends Struct> X require(ApiResource<X> resource, String namespace, String name) {
        return actions.require(resource, namespace, name);
    }

    @Override
    public <X extends Struct> X change(ApiResource<X> resource, String namespace, String name, UnaryOperator<X> change) {
        return actions.change(call, resource, namespace, name, dryRun, change);
    }

    @Override
    public <X extends Struct> X changeStatus(ApiResource<X> resource, String namespace, String name, UnaryOperator<X> change) {
        return actions.changeStatus(call, resource, namespace, name, dryRun, change);
    }

    @Override
    public Struct delete(ApiResource<?> resource, String namespace, String name, DeleteOptions options) {
        return actions.delete(call, resource, namespace, name, Actions.policy(options, dryRun));
    }
}
