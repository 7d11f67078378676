package io.j8s.controllers.services;

import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.model.IntOrString;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Facts about services and their pods.
public final class ServicePods {
    public static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

    private ServicePods() {}

    /// Whether its endpoints are kept by controllers: it selects pods and is no mere name.
    public static boolean managed(Service service) {
        return !service.spec().type().equals("ExternalName") && !service.spec().selector().isEmpty();
    }

    public static boolean selects(Service service, Pod pod) {
        return managed(service) && pod.metadata().labels().entrySet().containsAll(service.spec().selector().entrySet());
    }

    /// The pods that a service selects.
    public static List<Pod> selected(Service service, PodsByLabel pods) {
        return managed(service) ? pods.with(service.metadata().namespace(), service.spec().selector()) : List.of();
    }

    public static boolean headless(Service service) {
        return service.spec().clusterIP().equals("None");
    }

    public static boolean hasAddress(Service service) {
        return !service.spec().clusterIP().isEmpty() && !headless(service);
    }

    /// Whether a pod can take traffic at all: it has an address, has not finished, and (unless asked for) is not on its way out.
    public static boolean reachable(Pod pod, boolean whileTerminating) {
        boolean addressed = !pod.status().podIP().isEmpty() || !pod.status().podIPs().isEmpty();
        return addressed && !Pods.finished(pod) && (whileTerminating || pod.metadata().deletionTimestamp() == null);
    }

    /// All addresses of a pod.
    public static List<String> addresses(Pod pod) {
        if (pod.status().podIPs().isEmpty()) {
            return pod.status().podIP().isEmpty() ? List.of() : List.of(pod.status().podIP());
        }
        return pod.status().podIPs().stream().map(ip -> ip.ip()).toList();
    }

    /// The number that a service's port has on a pod; null when the pod has no port of that name.
    public static @Nullable Integer targetPort(Pod pod, ServicePort port) {
        IntOrString target = port.targetPort();
        if (target == null) {
            return port.port();
        }
        return switch (target) {
            case IntOrString.Int(int number) -> number == 0 ? port.port() : number;
            case IntOrString.Text(String name) -> named(pod, name, port.protocol());
        };
    }

    private static @Nullable Integer named(Pod pod, String name, String protocol) {
        List<Container> containers = new ArrayList<>(pod.spec().containers());
        pod.spec().initContainers().stream().filter(c -> c.restartPolicy().equals("Always")).forEach(containers::add);
        for (Container container : containers) {
            for (ContainerPort port : container.ports()) {
                if (port.name().equals(name) && protocol(port.protocol()).equals(protocol(protocol))) {
                    return port.containerPort();
                }
            }
        }
        return null;
    }

    public static String protocol(String given) {
        return given.isEmpty() ? "TCP" : given;
    }

    /// Whether DNS knows the pod by its own hostname under the service's name.
    public static boolean hasHostname(Pod pod, Service service) {
        return !pod.spec().hostname().isEmpty() && pod.spec().subdomain().equals(service.metadata().name()) && service.metadata().namespace().equals(pod.metadata().namespace());
    }

    /// Whether a change of a pod can change what stands behind services.
    public static boolean matters(Pod before, Pod after) {
        return !before.metadata().uid().equals(after.metadata().uid())
                || !labels(before).equals(labels(after))
                || !addresses(before).equals(addresses(after))
                || Pods.ready(before) != Pods.ready(after)
                || Pods.finished(before) != Pods.finished(after)
                || (before.metadata().deletionTimestamp() == null) != (after.metadata().deletionTimestamp() == null)
                || !before.spec().nodeName().equals(after.spec().nodeName())
                || !before.spec().hostname().equals(after.spec().hostname());
    }

    private static Map<String, String> labels(Pod pod) {
        return pod.metadata().labels();
    }
}
