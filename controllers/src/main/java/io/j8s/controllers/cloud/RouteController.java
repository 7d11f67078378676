package io.j8s.controllers.cloud;

import io.j8s.client.ApiException;
import io.j8s.client.JsonText;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.cloud.CloudProvider.Routes.Route;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.Nodes;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every 10 s: each range of pod addresses has a route to its node, routes into the cluster's ranges for which there is no node go, and nodes are told by `NetworkUnavailable`.
public final class RouteController implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(RouteController.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Context context;
    private final CloudProvider.Routes routes;
    private final List<AddressPool> own;
    private final Informer<Node> nodes;
    private final EventRecorder events;
    private @Nullable Task task;

    /// @param podRanges whose routes are the cluster's own; others are never deleted
    public RouteController(Context context, CloudProvider.Routes routes, List<String> podRanges) {
        this.context = context;
        this.routes = routes;
        this.own = podRanges.stream().map(AddressPool::parse).toList();
        this.nodes = context.informers().of(Node.RESOURCE);
        this.events = context.recorder("route_controller");
    }

    @Override
    public void start() {
        task = context.time().start("node-route", () -> {
            while (true) {
                try {
                    reconcile();
                } catch (CloudException | ApiException e) {
                    LOG.atError().addKeyValue("err", e.getMessage()).log("Routes could not be brought about, will try again");
                }
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

    private void reconcile() {
        Set<Route> existing = new HashSet<>(routes.list());
        Set<Route> wanted = new HashSet<>();
        for (Node node : nodes.lister().list()) {
            List<Route> its = node.spec().podCIDRs().stream().map(range -> new Route(node.metadata().name(), range)).toList();
            wanted.addAll(its);
            if (!its.isEmpty()) {
                tell(node, create(node, its, existing));
            }
        }
        existing.stream().filter(route -> !wanted.contains(route) && responsible(route)).forEach(routes::delete);
    }

    private boolean create(Node node, List<Route> its, Set<Route> existing) {
        boolean all = true;
        for (Route route : its) {
            if (!existing.contains(route)) {
                try {
                    routes.create(route);
                } catch (CloudException e) {
                    events.warning(node, "FailedToCreateRoute", "Could not create route " + node.metadata().uid() + " " + route.destination() + " for node " + node.metadata().name() + ": " + e.getMessage());
                    all = false;
                }
            }
        }
        return all;
    }

    private boolean responsible(Route route) {
        String address = route.destination().substring(0, Math.max(0, route.destination().indexOf('/')));
        return !address.isEmpty() && own.stream().anyMatch(pool -> pool.contains(address));
    }

    private void tell(Node node, boolean routed) {
        NodeCondition before = Nodes.condition(node, "NetworkUnavailable");
        String status = routed ? "False" : "True";
        if (before != null && before.status().equals(status)) {
            return;
        }
        String now = context.time().now().truncatedTo(ChronoUnit.SECONDS).toString();
        String patch = "{\"status\":{\"conditions\":[{\"type\":\"NetworkUnavailable\",\"status\":\"" + status + "\",\"reason\":\"" + (routed ? "RouteCreated" : "NoRouteCreated")
                + "\",\"message\":" + JsonText.quote(routed ? "RouteController created a route" : "RouteController failed to create a route") + ",\"lastTransitionTime\":\"" + now + "\"}]}}";
        context.client().patch(Node.RESOURCE, "", node.metadata().name(), new Patch.Strategic(patch), WriteOptions.NONE.onSubresource("status"));
    }
}
