package io.j8s.controllers.cloud;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every 5 s at nodes that are not ready: one whose machine the cloud no longer knows is deleted, one whose machine is shut down is tainted so.
public final class CloudNodeLifecycleController implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(CloudNodeLifecycleController.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Taint SHUT_DOWN = Taints.of("node.cloudprovider.kubernetes.io/shutdown", Taints.NO_SCHEDULE);

    private final Context context;
    private final CloudProvider.Instances instances;
    private final Informer<Node> nodes;
    private final EventRecorder events;
    private @Nullable Task task;

    public CloudNodeLifecycleController(Context context, CloudProvider.Instances instances) {
        this.context = context;
        this.instances = instances;
        this.nodes = context.informers().of(Node.RESOURCE);
        this.events = context.recorder("cloud-node-lifecycle-controller");
    }

    @Override
    public void start() {
        task = context.time().start("cloud-node-lifecycle", () -> {
            while (true) {
                nodes.lister().list().forEach(this::look);
                context.time().sleep(PERIOD);
            }
        });
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
        events.close();
    }

    private void look(Node node) {
        try {
            if (Nodes.status(node, "Ready").equals("True")) {
                change(node, null, List.of(SHUT_DOWN));
            } else if (!instances.exists(node)) {
                events.normal(node, "DeletingNode", "Deleting node " + node.metadata().name() + " because it does not exist in the cloud provider");
                context.client().delete(Node.RESOURCE, "", node.metadata().name(), DeleteOptions.ofUid(node.metadata().uid()));
            } else if (instances.shutDown(node)) {
                change(node, SHUT_DOWN, List.of());
            }
        } catch (CloudException | ApiException e) {
            LOG.atError().addKeyValue("node", node.metadata().name()).addKeyValue("err", e.getMessage()).log("The cloud could not be asked about a node, or the node could not be changed; will try again");
        }
    }

    private void change(Node node, @Nullable Taint add, List<Taint> remove) {
        if (!Taints.swap(node, add, remove).equals(node)) {
            Nodes.change(context.client(), node.metadata().name(), fresh -> Taints.swap(fresh, add, remove));
        }
    }
}
