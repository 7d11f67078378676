package io.j8s.controllers.nodeipam;

import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Watches nodes. What is taken is known from the nodes alone, so that a restart loses nothing; one worker gives ranges out.
public final class NodeIpamController implements Controller {
    private final Context context;
    private final NodeIpamSettings settings;
    private final Counter allocations;
    private final Informer<Node> nodes;
    private final List<CidrSet> sets = new ArrayList<>();
    private final ControllerLoop<String> loop;
    private final EventRecorder events;
    // by the one worker only
    private final Map<String, List<String>> known = new HashMap<>();
    private boolean counted;

    public NodeIpamController(Context context, NodeIpamSettings settings) {
        this.context = context;
        this.nodes = context.informers().of(Node.RESOURCE);
        this.settings = settings;
        this.allocations = context.registry().counter("node_ipam_controller_cidrset_cidrs_allocations_total", "[ALPHA] Counter measuring total number of CIDR allocations.", "clusterCIDR");
        Gauge usages = context.registry().gauge("node_ipam_controller_cidrset_usage_cidrs", "[ALPHA] Gauge measuring percentage of allocated CIDRs.", "clusterCIDR");
        Gauge most = context.registry().gauge("node_ipam_controller_cirdset_max_cidrs", "[ALPHA] Maximum number of CIDRs that can be allocated.", "clusterCIDR");
        if (settings.enabled()) {
            settings.clusterCidrs().forEach(cidr -> sets.add(new CidrSet(cidr, settings.maskV4(), settings.maskV6())));
            settings.clusterCidrs().forEach(cidr -> allocations.add(0, cidr));
            for (int i = 0; i < sets.size(); i++) {
                CidrSet set = sets.get(i);
                usages.of(set::usage, settings.clusterCidrs().get(i));
                most.of(set::count, settings.clusterCidrs().get(i));
            }
            settings.serviceCidrs().forEach(cidr -> sets.forEach(set -> set.exclude(cidr)));
        }
        WorkQueue<String> queue = context.queue("node_ipam");
        this.loop = new ControllerLoop<>(context.time(), queue, 1, this::reconcile);
        this.events = context.recorder("cidrAllocator");
        if (!sets.isEmpty()) {
            nodes.addHandler(Handler.each(node -> queue.add(node.metadata().name())));
        }
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

    private Outcome reconcile(String name) {
        if (!counted) {
            nodes.lister().list().forEach(node -> occupy(node.metadata().name(), ranges(node)));
            counted = true;
        }
        Node node = nodes.lister().get("", name);
        if (node == null) {
            List<String> freed = known.remove(name);
            if (freed != null) {
                freed.forEach(cidr -> sets.forEach(set -> set.release(cidr)));
            }
            return Outcome.DONE;
        }
        if (!ranges(node).isEmpty()) {
            occupy(name, ranges(node));
            return Outcome.DONE;
        }
        List<String> taken = known.containsKey(name) ? known.get(name) : take(node);
        if (taken == null || taken.isEmpty()) {
            return Outcome.failed(new IllegalStateException("no range is left in the cluster's pod network for node " + name));
        }
        known.put(name, taken);
        context.client().update(Node.RESOURCE, "", node.withSpec(s -> s.withPodCIDR(taken.getFirst()).withPodCIDRs(taken)));
        return Outcome.DONE;
    }

    private static List<String> ranges(Node node) {
        return node.spec().podCIDRs().isEmpty() ? (node.spec().podCIDR().isEmpty() ? List.of() : List.of(node.spec().podCIDR())) : node.spec().podCIDRs();
    }

    private void occupy(String name, List<String> cidrs) {
        if (!cidrs.isEmpty()) {
            known.put(name, cidrs);
            cidrs.forEach(cidr -> sets.forEach(set -> set.occupy(cidr)));
        }
    }

    private List<String> take(Node node) {
        List<String> taken = new ArrayList<>();
        for (CidrSet set : sets) {
            String cidr = set.take();
            if (cidr == null) {
                taken.forEach(other -> sets.forEach(each -> each.release(other)));
                ObjectReference about = ObjectReference.EMPTY.withKind("Node").withApiVersion("v1").withName(node.metadata().name()).withUid(node.metadata().uid());
                events.record(about, EventRecorder.NORMAL, "CIDRNotAvailable", "Node " + node.metadata().name() + " status is now: CIDRNotAvailable");
                return List.of();
            }
            allocations.increment(settings.clusterCidrs().get(taken.size()));
            taken.add(cidr);
        }
        return taken;
    }
}
