package io.j8s.controllers.policystatus;

import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.TypeChecking;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;

/// Watches validating admission policies: each generation is checked once.
public final class PolicyStatusController implements Controller {
    private static final String NAME = "validatingadmissionpolicy-status";
    private static final WriteOptions STATUS = WriteOptions.NONE.onSubresource("status").by(NAME).forced();

    private final Context context;
    private final PolicyTypes types;
    private final Informer<ValidatingAdmissionPolicy> policies;
    private final ControllerLoop<String> loop;

    public PolicyStatusController(Context context, PolicyTypes types, int workers) {
        this.context = context;
        this.types = types;
        this.policies = context.informers().of(ValidatingAdmissionPolicy.RESOURCE);
        WorkQueue<String> queue = context.queue(NAME);
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        policies.addHandler(Handler.each(policy -> queue.add(policy.metadata().name())));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        ValidatingAdmissionPolicy policy = policies.lister().get("", name);
        if (policy == null || policy.metadata().generation() <= policy.status().observedGeneration()) {
            return Outcome.DONE;
        }
        List<ExpressionWarning> warnings = types.check(policy);
        TypeChecking checked = warnings.isEmpty() ? TypeChecking.EMPTY : TypeChecking.EMPTY.withExpressionWarnings(warnings);
        ValidatingAdmissionPolicy fields = ValidatingAdmissionPolicy.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))
                .withStatus(s -> s.withObservedGeneration(policy.metadata().generation()).withTypeChecking(checked));
        context.client().patch(ValidatingAdmissionPolicy.RESOURCE, "", name, new Patch.Apply(fields), STATUS);
        return Outcome.DONE;
    }
}
