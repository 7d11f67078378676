package io.j8s.apiserver.admission.podsecurity;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.Lifecycle;
import io.j8s.model.core.v1.LifecycleHandler;
import io.j8s.model.core.v1.PodSecurityContext;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Probe;
import io.j8s.model.core.v1.SecurityContext;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A pod as the standards look at it: with the containers of all kinds in one list.
record PodView(ObjectMeta meta, PodSpec spec, List<Box> boxes) {

    /// A container of any kind.
    record Box(String name, boolean secured, SecurityContext security, List<ContainerPort> ports, List<String> hosts) {}

    static PodView of(ObjectMeta meta, PodSpec spec) {
        List<Box> boxes = new ArrayList<>();
        for (Container one : spec.initContainers()) {
            boxes.add(box(one));
        }
        for (Container one : spec.containers()) {
            boxes.add(box(one));
        }
        for (EphemeralContainer one : spec.ephemeralContainers()) {
            boxes.add(new Box(one.name(), one.hasSecurityContext(), one.securityContext(), one.ports(),
                    hosts(one.livenessProbe(), one.readinessProbe(), one.startupProbe(), one.lifecycle())));
        }
        return new PodView(meta, spec, boxes);
    }

    private static Box box(Container one) {
        return new Box(one.name(), one.hasSecurityContext(), one.securityContext(), one.ports(),
                hosts(one.livenessProbe(), one.readinessProbe(), one.startupProbe(), one.lifecycle()));
    }

    private static List<String> hosts(Probe live, Probe ready, Probe started, Lifecycle lifecycle) {
        Stream<String> ofProbes = Stream.of(live, ready, started).flatMap(probe -> Stream.of(probe.httpGet().host(), probe.tcpSocket().host()));
        Stream<String> ofHandlers = Stream.of(lifecycle.postStart(), lifecycle.preStop()).flatMap(PodView::hosts);
        return Stream.concat(ofProbes, ofHandlers).filter(host -> !host.isEmpty()).toList();
    }

    private static Stream<String> hosts(LifecycleHandler handler) {
        return Stream.of(handler.httpGet().host(), handler.tcpSocket().host());
    }

    PodSecurityContext security() {
        return spec.securityContext();
    }

    boolean onWindows() {
        return spec.os().name().equals("windows");
    }

    /// Whether the pod has its own users, for which being root means little.
    boolean ownUsers() {
        return spec.hasHostUsers() && !spec.hostUsers();
    }

    List<String> named(Predicate<Box> condition) {
        return boxes.stream().filter(condition).map(Box::name).toList();
    }
}
