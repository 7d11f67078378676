package io.j8s.apiserver.resources.core;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.GRPCAction;
import io.j8s.model.core.v1.HTTPGetAction;
import io.j8s.model.core.v1.Lifecycle;
import io.j8s.model.core.v1.LifecycleHandler;
import io.j8s.model.core.v1.ObjectFieldSelector;
import io.j8s.model.core.v1.Probe;
import java.util.List;

/// What containers get when nothing is said.
final class ContainerDefaults {

    private static final String MESSAGE_PATH = "/dev/termination-log";
    private static final int PROBE_PERIOD_SECONDS = 10;
    private static final int PROBE_FAILURES = 3;

    private ContainerDefaults() {}

    static Container container(Container sent) {
        Container container = sent;
        if (container.imagePullPolicy().isEmpty()) {
            container = container.withImagePullPolicy(ImageNames.pullPolicy(container.image()));
        }
        if (container.terminationMessagePath().isEmpty()) {
            container = container.withTerminationMessagePath(MESSAGE_PATH);
        }
        if (container.terminationMessagePolicy().isEmpty()) {
            container = container.withTerminationMessagePolicy("File");
        }
        List<ContainerPort> ports = ports(container.ports());
        container = ports == container.ports() ? container : container.withPorts(ports);
        List<EnvVar> env = Elements.map(container.env(), ContainerDefaults::variable);
        container = env == container.env() ? container : container.withEnv(env);
        container = container.hasResources() ? container.withResources(ResourceAmounts.rounded(container.resources())) : container;
        container = container.hasLivenessProbe() ? container.withLivenessProbe(probe(container.livenessProbe())) : container;
        container = container.hasReadinessProbe() ? container.withReadinessProbe(probe(container.readinessProbe())) : container;
        container = container.hasStartupProbe() ? container.withStartupProbe(probe(container.startupProbe())) : container;
        return container.hasLifecycle() ? container.withLifecycle(lifecycle(container.lifecycle())) : container;
    }

    static EphemeralContainer ephemeral(EphemeralContainer sent) {
        EphemeralContainer container = sent;
        if (container.imagePullPolicy().isEmpty()) {
            container = container.withImagePullPolicy(ImageNames.pullPolicy(container.image()));
        }
        if (container.terminationMessagePath().isEmpty()) {
            container = container.withTerminationMessagePath(MESSAGE_PATH);
        }
        if (container.terminationMessagePolicy().isEmpty()) {
            container = container.withTerminationMessagePolicy("File");
        }
        List<ContainerPort> ports = ports(container.ports());
        container = ports == container.ports() ? container : container.withPorts(ports);
        List<EnvVar> env = Elements.map(container.env(), ContainerDefaults::variable);
        container = env == container.env() ? container : container.withEnv(env);
        container = container.hasResources() ? container.withResources(ResourceAmounts.rounded(container.resources())) : container;
        container = container.hasLivenessProbe() ? container.withLivenessProbe(probe(container.livenessProbe())) : container;
        container = container.hasReadinessProbe() ? container.withReadinessProbe(probe(container.readinessProbe())) : container;
        container = container.hasStartupProbe() ? container.withStartupProbe(probe(container.startupProbe())) : container;
        return container.hasLifecycle() ? container.withLifecycle(lifecycle(container.lifecycle())) : container;
    }

    static ObjectFieldSelector field(ObjectFieldSelector selector) {
        return selector.apiVersion().isEmpty() ? selector.withApiVersion("v1") : selector;
    }

    private static List<ContainerPort> ports(List<ContainerPort> ports) {
        return Elements.map(ports, port -> port.protocol().isEmpty() ? port.withProtocol("TCP") : port);
    }

    private static EnvVar variable(EnvVar variable) {
        if (!variable.valueFrom().hasFieldRef() || !variable.valueFrom().fieldRef().apiVersion().isEmpty()) {
            return variable;
        }
        return variable.withValueFrom(source -> source.withFieldRef(field(source.fieldRef())));
    }

    private static Probe probe(Probe sent) {
        Probe probe = sent;
        if (probe.hasHttpGet()) {
            probe = probe.withHttpGet(httpGet(probe.httpGet()));
        }
        if (probe.hasGrpc()) {
            GRPCAction grpc = probe.grpc();
            probe = grpc.hasService() ? probe : probe.withGrpc(grpc.withService(""));
        }
        probe = probe.timeoutSeconds() == 0 ? probe.withTimeoutSeconds(1) : probe;
        probe = probe.periodSeconds() == 0 ? probe.withPeriodSeconds(PROBE_PERIOD_SECONDS) : probe;
        probe = probe.successThreshold() == 0 ? probe.withSuccessThreshold(1) : probe;
        return probe.failureThreshold() == 0 ? probe.withFailureThreshold(PROBE_FAILURES) : probe;
    }

    private static Lifecycle lifecycle(Lifecycle sent) {
        Lifecycle lifecycle = sent.hasPostStart() ? sent.withPostStart(hook(sent.postStart())) : sent;
        return lifecycle.hasPreStop() ? lifecycle.withPreStop(hook(lifecycle.preStop())) : lifecycle;
    }

    private static LifecycleHandler hook(LifecycleHandler hook) {
        return hook.hasHttpGet() ? hook.withHttpGet(httpGet(hook.httpGet())) : hook;
    }

    private static HTTPGetAction httpGet(HTTPGetAction sent) {
        HTTPGetAction action = sent.path().isEmpty() ? sent.withPath("/") : sent;
        return action.scheme().isEmpty() ? action.withScheme("HTTP") : action;
    }
}
