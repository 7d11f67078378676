package io.j8s.apiserver.streaming;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/// Adds to the resources of a server those subresources whose requests are carried on to kubelets, pods and services.
public final class Streaming {

    private static final Set<Verb> OPEN = EnumSet.of(Verb.GET, Verb.CREATE);
    private static final Set<Verb> ALL_METHODS = EnumSet.of(Verb.GET, Verb.CREATE, Verb.UPDATE, Verb.PATCH, Verb.DELETE);

    private final PodLogs logs;
    private final PodStreams streams;
    private final Proxies proxies;

    private Streaming(Kubelets kubelets, Foundation foundation, Guards guards) {
        this.logs = new PodLogs(kubelets);
        this.streams = new PodStreams(kubelets, guards.authorizer(), foundation.timeline());
        this.proxies = new Proxies(kubelets, foundation.state(), foundation.timeline());
    }

    /// The same guards, with these subresources; their connections end when the guards close.
    public static Function<Foundation, Guards> with(KubeletSettings settings, Function<Foundation, Guards> guards) {
        return foundation -> {
            Guards inner = guards.apply(foundation);
            Kubelets kubelets = new Kubelets(settings, foundation.state(), foundation.loops(), foundation.timeline());
            Streaming streaming = new Streaming(kubelets, foundation, inner);
            return new Guards(
                    inner.authenticator(), inner.authorizer(), inner.admission(), inner.resources().stream().<Resource<?>>map(streaming::extended).toList(), inner.paths(),
                    () -> {
                        kubelets.close();
                        inner.close().run();
                    }, inner.auditor());
        };
    }

    @SuppressWarnings("unchecked") // a resource of this type has this hub
    private Resource<?> extended(Resource<?> resource) {
        if (resource.hub().equals(Pod.RESOURCE)) {
            return ((Resource<Pod>) resource)
                    .with(new Subresource.Connection<>("log", EnumSet.of(Verb.GET), "Pod", logs::handle))
                    .with(new Subresource.Connection<>("exec", OPEN, "PodExecOptions", streams::exec))
                    .with(new Subresource.Connection<>("attach", OPEN, "PodAttachOptions", streams::attach))
                    .with(new Subresource.Connection<>("portforward", OPEN, "PodPortForwardOptions", streams::portForward))
                    .with(new Subresource.Connection<>("proxy", ALL_METHODS, "PodProxyOptions", segment -> ProxyName.parse(segment, "pod").name(), proxies::pod));
        }
        if (resource.hub().equals(Service.RESOURCE)) {
            return ((Resource<Service>) resource).with(
                    new Subresource.Connection<>("proxy", ALL_METHODS, "ServiceProxyOptions", segment -> ProxyName.parse(segment, "service").name(), proxies::service));
        }
        if (resource.hub().equals(Node.RESOURCE)) {
            return ((Resource<Node>) resource).with(
                    new Subresource.Connection<>("proxy", ALL_METHODS, "NodeProxyOptions", segment -> ProxyName.parse(segment, "node").name(), proxies::node));
        }
        return resource;
    }
}
