package io.j8s.controllers.cloud;

import io.j8s.client.ApiException;
import io.j8s.client.JsonText;
import io.j8s.client.ObjectKey;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.RetryDelays;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.services.ServicePods;
import io.j8s.model.core.v1.LoadBalancerStatus;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.controllers.pods.Pods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Watches services of the type LoadBalancer (those without a class of their own), nodes, and the readiness of pods behind services that keep traffic on its node.
///
/// A finalizer holds a service until its load balancer is gone.
public final class ServiceController implements Controller {
    private static final String FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static final String UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";
    private static final String DELETION_SOON = "ToBeDeletedByClusterAutoscaler";

    private final Context context;
    private final CloudProvider.LoadBalancers balancers;
    private final Informer<Service> services;
    private final Informer<Node> nodes;
    /// what was last brought about for a service
    private final Map<ObjectKey, Done> done = new ConcurrentHashMap<>();
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    private record Done(String uid, io.j8s.model.core.v1.ServiceSpec spec, Map<String, String> annotations, List<String> nodes) {}

    public ServiceController(Context context, CloudProvider.LoadBalancers balancers, int workers) {
        this.context = context;
        this.balancers = balancers;
        this.services = context.informers().of(Service.RESOURCE);
        this.nodes = context.informers().of(Node.RESOURCE);
        this.queue = context.queue("service", RetryDelays.between(Duration.ofSeconds(5), Duration.ofMinutes(5)));
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("service-controller");
        services.addHandler(Handler.each(service -> {
            if (wanted(service) || service.metadata().finalizers().contains(FINALIZER)) {
                queue.add(key(service));
            }
        }));
        nodes.addHandler(new NodeEvents());
        context.informers().of(Pod.RESOURCE).addHandler(new PodEvents());
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

    private static ObjectKey key(Service service) {
        return new ObjectKey(service.metadata().namespace(), service.metadata().name());
    }

    private static boolean wanted(Service service) {
        return service.spec().type().equals("LoadBalancer") && !service.spec().hasLoadBalancerClass();
    }

    private void addAll() {
        services.lister().list().stream().filter(ServiceController::wanted).forEach(service -> queue.add(key(service)));
    }

    /// Nodes that may take part: not excluded by a label, not about to go, and known to the cloud.
    private List<Node> candidates() {
        return nodes.lister().list().stream()
                .filter(node -> node.metadata().deletionTimestamp() == null && included(node))
                .toList();
    }

    private static boolean included(Node node) {
        return !node.metadata().labels().containsKey(EXCLUDED) && node.spec().taints().stream().noneMatch(t -> t.key().equals(UNINITIALIZED) || t.key().equals(DELETION_SOON));
    }

    private Outcome reconcile(ObjectKey key) {
        Service service = services.lister().get(key);
        if (service == null) {
            done.remove(key);
            return Outcome.DONE;
        }
        try {
            if (wanted(service) && service.metadata().deletionTimestamp() == null) {
                ensure(key, service);
            } else {
                remove(key, service);
            }
            return Outcome.DONE;
        } catch (CloudException e) {
            events.warning(service, "SyncLoadBalancerFailed", "Error syncing load balancer: " + e.getMessage());
            return Outcome.failed(e);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Outcome.DONE;
            }
            throw e;
        }
    }

    private void ensure(ObjectKey key, Service service) {
        List<Node> candidates = candidates();
        Done now = new Done(service.metadata().uid(), service.spec(), service.metadata().annotations(), candidates.stream().map(n -> n.metadata().name()).toList());
        Done before = done.get(key);
        if (before == null || !before.uid.equals(now.uid) || !before.spec.equals(now.spec) || !before.annotations.equals(now.annotations)) {
            make(service, candidates);
        } else {
            LoadBalancerStatus status = statusOf(service, candidates);
            if (!before.nodes.equals(now.nodes)) {
                balancers.update(service, candidates);
                if (candidates.isEmpty()) {
                    events.warning(service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
                } else {
                    events.normal(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts");
                }
            }
            writeStatus(service, status);
        }
        done.put(key, now);
    }

    private LoadBalancerStatus statusOf(Service service, List<Node> candidates) {
        return balancers.ensure(service, candidates);
    }

    private void make(Service service, List<Node> candidates) {
        boolean complete = service.metadata().finalizers().contains(FINALIZER) && balancers.exists(service);
        if (!complete) {
            events.normal(service, "EnsuringLoadBalancer", "Ensuring load balancer");
        }
        Service held = withFinalizer(service);
        if (candidates.isEmpty()) {
            events.warning(service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
        }
        LoadBalancerStatus status = balancers.ensure(held, candidates);
        if (!complete || !status.equals(service.status().loadBalancer())) {
            events.normal(service, "EnsuredLoadBalancer", "Ensured load balancer");
        }
        writeStatus(held, status);
    }

    private Service withFinalizer(Service service) {
        if (service.metadata().finalizers().contains(FINALIZER)) {
            return service;
        }
        List<String> finalizers = new ArrayList<>(service.metadata().finalizers());
        finalizers.add(FINALIZER);
        return patch(service, "{\"metadata\":{\"finalizers\":" + JsonText.quoteAll(finalizers) + "}}");
    }

    private void remove(ObjectKey key, Service service) {
        if (!service.metadata().finalizers().contains(FINALIZER)) {
            done.remove(key);
            return;
        }
        if (balancers.exists(service)) {
            events.normal(service, "DeletingLoadBalancer", "Deleting load balancer");
        }
        balancers.delete(service);
        writeStatus(service, LoadBalancerStatus.EMPTY);
        List<String> finalizers = new ArrayList<>(service.metadata().finalizers());
        finalizers.remove(FINALIZER);
        patch(service, "{\"metadata\":{\"finalizers\":" + (finalizers.isEmpty() ? "null" : JsonText.quoteAll(finalizers)) + "}}");
        events.normal(service, "DeletedLoadBalancer", "Deleted load balancer");
        done.remove(key);
    }

    private void writeStatus(Service service, LoadBalancerStatus status) {
        if (status.equals(service.status().loadBalancer())) {
            return;
        }
        String ingress = status.ingress().isEmpty() ? "null" : io.j8s.model.Json.text(status);
        patch(service, "{\"status\":{\"loadBalancer\":" + ingress + "}}");
    }

    /// By way of the status, which takes metadata too: to change the rest of a service this controller has no right. A merge replaces whole lists: what is written is exactly what was worked out.
    private Service patch(Service service, String text) {
        return context.client().patch(Service.RESOURCE, service.metadata().namespace(), service.metadata().name(), new Patch.Merge(text), WriteOptions.NONE.onSubresource("status"));
    }

    private final class NodeEvents implements Handler<Node> {
        @Override
        public void added(Node node) {
            addAll();
        }

        @Override
        public void changed(Node before, Node after) {
            if (included(before) != included(after) || !before.spec().providerID().equals(after.spec().providerID()) || !before.status().addresses().equals(after.status().addresses())) {
                addAll();
            }
        }

        @Override
        public void deleted(Node last) {
            addAll();
        }
    }

    /// Where a load balancer answers on nodes, those with a ready pod change with the pods.
    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            if (Pods.ready(pod)) {
                addServices(pod);
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (Pods.ready(before) != Pods.ready(after) || (before.metadata().deletionTimestamp() == null) != (after.metadata().deletionTimestamp() == null)) {
                addServices(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            addServices(last);
        }

        private void addServices(Pod pod) {
            services.lister().list(pod.metadata().namespace()).stream()
                    .filter(s -> wanted(s) && s.spec().externalTrafficPolicy().equals("Local") && ServicePods.selects(s, pod))
                    .forEach(s -> queue.add(key(s)));
        }
    }
}
