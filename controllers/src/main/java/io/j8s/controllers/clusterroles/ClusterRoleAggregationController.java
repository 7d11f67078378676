package io.j8s.controllers.clusterroles;

import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Watches cluster roles. Rules stand in the order of the selectors, then of the roles' names, each once.
public final class ClusterRoleAggregationController implements Controller {
    private static final String MANAGER = "clusterrole-aggregation-controller";

    private final Context context;
    private final Informer<ClusterRole> roles;
    private final ControllerLoop<String> loop;

    public ClusterRoleAggregationController(Context context, int workers) {
        this.context = context;
        this.roles = context.informers().of(ClusterRole.RESOURCE);
        WorkQueue<String> queue = context.queue("ClusterRoleAggregator");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        roles.addHandler(Handler.each(changed -> {
            for (ClusterRole role : roles.lister().list()) {
                if (role.hasAggregationRule()) {
                    queue.add(role.metadata().name());
                }
            }
        }));
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
        ClusterRole role = roles.lister().get("", name);
        if (role == null || !role.hasAggregationRule()) {
            return Outcome.DONE;
        }
        Set<PolicyRule> rules = new LinkedHashSet<>();
        for (LabelSelector labels : role.aggregationRule().clusterRoleSelectors()) {
            Selector selector = Selector.of(labels);
            for (ClusterRole other : roles.lister().list()) {
                if (!other.metadata().name().equals(name) && selector.matches(other.metadata().labels())) {
                    rules.addAll(other.rules());
                }
            }
        }
        List<PolicyRule> wanted = new ArrayList<>(rules);
        if (!wanted.equals(role.rules())) {
            ClusterRole fields = ClusterRole.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withRules(wanted);
            context.client().patch(ClusterRole.RESOURCE, "", name, new Patch.Apply(fields), WriteOptions.NONE.by(MANAGER).forced());
        }
        return Outcome.DONE;
    }
}
