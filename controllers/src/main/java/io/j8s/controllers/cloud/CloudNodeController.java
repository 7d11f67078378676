package io.j8s.controllers.cloud;

import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Watches nodes that registered with `--cloud-provider=external`: one with the taint `uninitialized` is told its provider id, zone and type, and then loses the taint.
public final class CloudNodeController implements Controller {
    private static final String UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";

    private final Context context;
    private final CloudProvider.Instances instances;
    private final Informer<Node> nodes;
    private final ControllerLoop<String> loop;
    private final EventRecorder events;

    public CloudNodeController(Context context, CloudProvider.Instances instances, int workers) {
        this.context = context;
        this.instances = instances;
        this.nodes = context.informers().of(Node.RESOURCE);
        WorkQueue<String> queue = context.queue("Nodes");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("cloud-node-controller");
        nodes.addHandler(Handler.each(node -> {
            if (uninitialized(node)) {
                queue.add(node.metadata().name());
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
        events.close();
    }

    private static boolean uninitialized(Node node) {
        return node.spec().taints().stream().anyMatch(t -> t.key().equals(UNINITIALIZED));
    }

    private Outcome reconcile(String name) {
        Node node = nodes.lister().get("", name);
        if (node == null || !uninitialized(node)) {
            return Outcome.DONE;
        }
        CloudProvider.Instances.Metadata metadata = instances.metadata(node);
        Nodes.change(context.client(), name, fresh -> initialized(fresh, metadata));
        events.normal(node, "Synced", "Node synced successfully");
        return Outcome.DONE;
    }

    private static Node initialized(Node node, CloudProvider.Instances.Metadata metadata) {
        Map<String, String> labels = new LinkedHashMap<>(node.metadata().labels());
        label(labels, "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type", metadata.instanceType());
        label(labels, "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", metadata.zone());
        label(labels, "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region", metadata.region());
        labels.putAll(metadata.labels());
        List<Taint> taints = new ArrayList<>(node.spec().taints());
        taints.removeIf(t -> t.key().equals(UNINITIALIZED));
        Node labelled = labels.equals(node.metadata().labels()) ? node : node.withMetadata(m -> m.withLabels(labels));
        return labelled.withSpec(s -> {
            var spec = s.providerID().isEmpty() && !metadata.providerId().isEmpty() ? s.withProviderID(metadata.providerId()) : s;
            return taints.isEmpty() ? spec.withoutTaints() : spec.withTaints(taints);
        });
    }

    private static void label(Map<String, String> labels, String name, String older, String value) {
        if (!value.isEmpty()) {
            labels.put(name, value);
            labels.put(older, value);
        }
    }
}
