package io.j8s.apiserver.serve;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.operation.Deletions;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.Actions;
import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.client.DeleteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an action on an object may know and do.
final class Action implements ActionContext {

    private final Parts parts;
    private final RequestContext request;
    private final Target<?> target;
    private final boolean dryRun;
    private final Actions actions;

    Action(Parts parts, RequestContext request, Target<?> target, boolean dryRun) {
        this.parts = parts;
        this.request = request;
        this.target = target;
        this.dryRun = dryRun;
        this.actions = new Actions(parts.engine(), parts.writes());
    }

    /// Lets admission see, change and refuse the action's body.
    Struct admit(String subresource, Struct body) {
        AdmissionRequest mutated = parts.engine().admission().mutate(admission(Operation.CREATE, subresource, body, null));
        parts.engine().admission().validate(mutated);
        return java.util.Objects.requireNonNull(mutated.object());
    }

    void admitConnection(String subresource, Struct object) {
        parts.engine().admission().validate(admission(Operation.CONNECT, subresource, object, null));
    }

    private AdmissionRequest admission(Operation operation, String subresource, Struct object, @Nullable Struct old) {
        return new AdmissionRequest(
                operation, target.resource(), target.version().resource(), subresource, target.namespace(), target.name(), object, old, null, user(), dryRun, now(),
                state(), this::warn, request.call()::annotate);
    }

    @Override
    public User user() {
        return request.call().user();
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
        return parts.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public boolean dryRun() {
        return dryRun;
    }

    @Override
    public ClusterState state() {
        return parts.engine().tables();
    }

    @Override
    public void warn(String text) {
        request.call().warn(text);
    }

    @Override
    public <X extends Struct> X require(ApiResource<X> resource, String namespace, String name) {
        return actions.require(resource, namespace, name);
    }

    @Override
    public <X extends Struct> X change(ApiResource<X> resource, String namespace, String name, UnaryOperator<X> change) {
        return actions.change(request.call(), resource, namespace, name, dryRun, change);
    }

    @Override
    public Struct delete(ApiResource<?> resource, String namespace, String name, DeleteOptions options) {
        Deletions.Policy policy = Actions.policy(options, dryRun);
        return actions.delete(request.call(), resource, namespace, name, policy);
    }
}
