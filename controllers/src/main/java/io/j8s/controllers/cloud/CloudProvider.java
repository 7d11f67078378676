package io.j8s.controllers.cloud;

import io.j8s.model.core.v1.LoadBalancerStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Service;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The services of a cloud. Null parts are not offered: their loops do not run. All methods may block, may be called from several threads, and throw [CloudException].
public interface CloudProvider {

    default @Nullable LoadBalancers loadBalancers() {
        return null;
    }

    default @Nullable Instances instances() {
        return null;
    }

    default @Nullable Routes routes() {
        return null;
    }

    /// Ways into the cluster for services of the type LoadBalancer.
    interface LoadBalancers {

        boolean exists(Service service);

        /// Makes the load balancer, or brings it to what the service asks for now.
        LoadBalancerStatus ensure(Service service, List<Node> nodes);

        /// Other nodes take part.
        void update(Service service, List<Node> nodes);

        /// Nothing is left of it afterwards. May be called for one that does not exist.
        void delete(Service service);
    }

    /// The machines behind nodes.
    interface Instances {

        boolean exists(Node node);

        boolean shutDown(Node node);

        /// @throws CloudException when there is no such instance
        Metadata metadata(Node node);

        /// Empty strings: not known.
        ///
        /// @param labels further ones for the node
        record Metadata(String providerId, String instanceType, String zone, String region, List<NodeAddress> addresses, Map<String, String> labels) {
            public Metadata {
                addresses = List.copyOf(addresses);
                labels = Map.copyOf(labels);
            }
        }
    }

    /// Ways to the pods of other nodes.
    interface Routes {

        List<Route> list();

        void create(Route route);

        void delete(Route route);

        /// @param destination a range of pod addresses
        record Route(String node, String destination) {}
    }
}
