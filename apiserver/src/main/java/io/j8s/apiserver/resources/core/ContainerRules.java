package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.ContainerResizePolicy;
import io.j8s.model.core.v1.ContainerRestartRule;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeDevice;
import io.j8s.model.core.v1.VolumeMount;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules for the containers of one pod (or template).
final class ContainerRules {

    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> EPHEMERAL_FIELDS = List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources");

    private static final List<String> RESTART_ACTIONS = List.of("Restart", "RestartAllContainers");
    private static final List<String> RESTARTS = List.of("Always", "Never", "OnFailure");
    private static final int MOST_RESTART_RULES = 20;
    private static final int MOST_EXIT_CODES = 255;

    private final PodSpec spec;
    private final Map<String, Volume> volumes;
    private final FieldErrors errors;

    /// @param volumes those that containers can mount, by name
    ContainerRules(PodSpec spec, Map<String, Volume> volumes, FieldErrors errors) {
        this.spec = spec;
        this.volumes = volumes;
        this.errors = errors;
    }

    void containers(FieldPath path) {
        if (spec.containers().isEmpty()) {
            errors.required(path);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.containers().size(); i++) {
            Container container = spec.containers().get(i);
            FieldPath here = path.index(i);
            common(container, here);
            if (!names.add(container.name())) {
                errors.duplicate(here.child("name"), container.name());
            }
            ProbeRules.all(container, spec.terminationGracePeriodSeconds(), here, errors);
            restartPolicy(container, here, false);
        }
        Set<String> hostPorts = new HashSet<>();
        for (int i = 0; i < spec.containers().size(); i++) {
            hostPorts(spec.containers().get(i), hostPorts, path.index(i));
        }
    }

    private void restartPolicy(Container container, FieldPath path, boolean init) {
        if (container.hasRestartPolicy() && !RESTARTS.contains(container.restartPolicy())) {
            errors.notSupported(path.child("restartPolicy"), container.restartPolicy(), RESTARTS);
        }
        if (!container.restartPolicyRules().isEmpty() && !container.hasRestartPolicy()) {
            errors.required(path.child("restartPolicy"), "must specify restartPolicy when restart rules are used");
            if (init) {
                return;
            }
        }
        restartRules(container.restartPolicyRules(), path.child("restartPolicyRules"));
    }

    private void restartRules(List<ContainerRestartRule> rules, FieldPath path) {
        if (rules.size() > MOST_RESTART_RULES) {
            errors.tooMany(path, rules.size(), MOST_RESTART_RULES);
        }
        for (int i = 0; i < rules.size(); i++) {
            ContainerRestartRule rule = rules.get(i);
            FieldPath here = path.index(i);
            if (!RESTART_ACTIONS.contains(rule.action())) {
                errors.notSupported(here.child("action"), rule.action(), RESTART_ACTIONS);
            }
            if (!rule.hasExitCodes()) {
                errors.required(here.child("exitCodes"), "must be specified");
                continue;
            }
            FieldPath codes = here.child("exitCodes");
            if (!List.of("In", "NotIn").contains(rule.exitCodes().operator())) {
                errors.notSupported(codes.child("operator"), rule.exitCodes().operator(), List.of("In", "NotIn"));
            }
            if (rule.exitCodes().values().size() > MOST_EXIT_CODES) {
                errors.tooMany(codes.child("values"), rule.exitCodes().values().size(), MOST_EXIT_CODES);
            }
        }
    }

    private void hostPorts(Container container, Set<String> taken, FieldPath path) {
        for (int i = 0; i < container.ports().size(); i++) {
            ContainerPort port = container.ports().get(i);
            if (port.hostPort() != 0 && !taken.add(port.protocol() + "/" + port.hostIP() + "/" + port.hostPort())) {
                errors.duplicate(path.child("ports").index(i).child("hostPort"), port.protocol() + "/" + port.hostIP() + "/" + port.hostPort());
            }
        }
    }

    void initContainers(FieldPath path) {
        Set<String> names = new HashSet<>();
        spec.containers().forEach(container -> names.add(container.name()));
        for (int i = 0; i < spec.initContainers().size(); i++) {
            Container container = spec.initContainers().get(i);
            FieldPath here = path.index(i);
            common(container, here);
            restartPolicy(container, here, true);
            if (!container.name().isEmpty() && !names.add(container.name())) {
                errors.duplicate(here.child("name"), container.name());
            }
            hostPorts(container, new HashSet<>(), path.index(0));
            if (container.restartPolicy().equals("Always")) {
                ProbeRules.all(container, spec.terminationGracePeriodSeconds(), here, errors);
            } else {
                ProbeRules.none(container, here, errors);
                restartingResize(container, here);
            }
        }
    }

    private void restartingResize(Container container, FieldPath path) {
        for (int i = 0; i < container.resizePolicy().size(); i++) {
            if (container.resizePolicy().get(i).restartPolicy().equals("RestartContainer")) {
                errors.invalid(
                        path.child("resizePolicy").index(i).child("restartPolicy"), "RestartContainer", "must not be set to 'RestartContainer' for non-sidecar initContainers");
            }
        }
    }

    void ephemeralContainers(FieldPath path) {
        Set<String> others = new HashSet<>();
        spec.containers().forEach(container -> others.add(container.name()));
        spec.initContainers().forEach(container -> others.add(container.name()));
        Set<String> names = new HashSet<>(others);
        for (int i = 0; i < spec.ephemeralContainers().size(); i++) {
            EphemeralContainer ephemeral = spec.ephemeralContainers().get(i);
            FieldPath here = path.index(i);
            common(asContainer(ephemeral), here);
            trimmedImage(ephemeral.image(), here, errors);
            if (!names.add(ephemeral.name())) {
                errors.duplicate(here.child("name"), ephemeral.name());
            }
            if (!ephemeral.targetContainerName().isEmpty() && !others.contains(ephemeral.targetContainerName())) {
                errors.notFound(here.child("targetContainerName"), ephemeral.targetContainerName());
            }
            onlyAllowed(ephemeral, here);
        }
    }

    private static Container asContainer(EphemeralContainer ephemeral) {
        Struct.Builder container = new Struct.Builder(Container.TYPE);
        ephemeral.forEach((field, value) -> {
            Field same = Container.TYPE.field(field.name());
            if (same != null) {
                container.set(same, value);
            }
        });
        return (Container) container.build();
    }

    private void onlyAllowed(EphemeralContainer ephemeral, FieldPath path) {
        ephemeral.forEach((field, value) -> {
            boolean given = !field.name().equals("resources") || !((Struct) value).isEmpty();
            if (given && (EPHEMERAL_FIELDS.contains(field.name()) || field.name().startsWith("restartPolicy") || field.name().equals("resizePolicy"))) {
                errors.forbidden(path.child(field.name()), "cannot be set for an Ephemeral Container");
            }
        });
        for (int i = 0; i < ephemeral.volumeMounts().size(); i++) {
            FieldPath mount = path.child("volumeMounts").index(i);
            if (!ephemeral.volumeMounts().get(i).subPath().isEmpty()) {
                errors.forbidden(mount.child("subPath"), "cannot be set for an Ephemeral Container");
            }
            if (!ephemeral.volumeMounts().get(i).subPathExpr().isEmpty()) {
                errors.forbidden(mount.child("subPathExpr"), "cannot be set for an Ephemeral Container");
            }
        }
    }

    /// Of pods, not of templates: there, spaces have always been let pass.
    static void trimmedImage(String image, FieldPath container, FieldErrors errors) {
        if (!image.equals(image.strip())) {
            errors.invalid(container.child("image"), image, "must not have leading or trailing whitespace");
        }
    }

    private void common(Container container, FieldPath path) {
        if (container.name().isEmpty()) {
            errors.required(path.child("name"));
        } else {
            Names.dnsLabel(container.name()).forEach(problem -> errors.invalid(path.child("name"), container.name(), problem));
        }
        if (container.image().isEmpty()) {
            errors.required(path.child("image"));
        }
        if (!List.of("FallbackToLogsOnError", "File").contains(container.terminationMessagePolicy())) {
            errors.notSupported(path.child("terminationMessagePolicy"), container.terminationMessagePolicy(), List.of("FallbackToLogsOnError", "File"));
        }
        ports(container.ports(), path.child("ports"));
        EnvironmentRules.variables(container.env(), path.child("env"), errors);
        EnvironmentRules.sources(container.envFrom(), path.child("envFrom"), errors);
        mounts(container, path.child("volumeMounts"));
        devices(container, path.child("volumeDevices"));
        if (!PULL_POLICIES.contains(container.imagePullPolicy())) {
            errors.notSupported(path.child("imagePullPolicy"), container.imagePullPolicy(), PULL_POLICIES);
        }
        RequirementRules.ofContainer(container.resources(), spec, path.child("resources"), errors);
        resizePolicy(container.resizePolicy(), path.child("resizePolicy"));
        SecurityRules.container(container.securityContext(), spec, path.child("securityContext"), errors);
    }

    private void ports(List<ContainerPort> ports, FieldPath path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ContainerPort port = ports.get(i);
            FieldPath here = path.index(i);
            if (!port.name().isEmpty()) {
                List<String> problems = io.j8s.model.selector.Names.portName(port.name());
                problems.forEach(problem -> errors.invalid(here.child("name"), port.name(), problem));
                if (problems.isEmpty() && !names.add(port.name())) {
                    errors.duplicate(here.child("name"), port.name());
                }
            }
            if (port.containerPort() == 0) {
                errors.required(here.child("containerPort"));
            } else {
                NumberRules.between(port.containerPort(), 1, 65535, here.child("containerPort"), errors);
            }
            if (port.hostPort() != 0) {
                NumberRules.between(port.hostPort(), 1, 65535, here.child("hostPort"), errors);
            }
            if (!PROTOCOLS.contains(port.protocol())) {
                errors.notSupported(here.child("protocol"), port.protocol(), PROTOCOLS);
            }
        }
    }

    private void mounts(Container container, FieldPath path) {
        Set<String> points = new HashSet<>();
        for (int i = 0; i < container.volumeMounts().size(); i++) {
            VolumeMount mount = container.volumeMounts().get(i);
            FieldPath here = path.index(i);
            if (mount.name().isEmpty()) {
                errors.required(here.child("name"));
            }
            if (!volumes.containsKey(mount.name())) {
                errors.notFound(here.child("name"), mount.name());
            }
            if (mount.mountPath().isEmpty()) {
                errors.required(here.child("mountPath"));
            }
            if (!points.add(mount.mountPath())) {
                errors.invalid(here.child("mountPath"), mount.mountPath(), "must be unique");
            }
            if (container.volumeDevices().stream().anyMatch(device -> device.name().equals(mount.name()))) {
                errors.invalid(here.child("name"), mount.name(), "must not already exist in volumeDevices");
            }
            if (container.volumeDevices().stream().anyMatch(device -> device.devicePath().equals(mount.mountPath()))) {
                errors.invalid(here.child("mountPath"), mount.mountPath(), "must not already exist as a path in volumeDevices");
            }
            subPaths(mount, here, path);
            propagation(mount, container, path);
        }
    }

    private void subPaths(VolumeMount mount, FieldPath here, FieldPath path) {
        if (!mount.subPath().isEmpty()) {
            VolumeSourceRules.descendingPath(mount.subPath(), path.child("subPath"), errors);
        }
        if (!mount.subPathExpr().isEmpty()) {
            if (!mount.subPath().isEmpty()) {
                errors.invalid(here.child("subPathExpr"), mount.subPathExpr(), "subPathExpr and subPath are mutually exclusive");
            }
            VolumeSourceRules.descendingPath(mount.subPathExpr(), path.child("subPathExpr"), errors);
        }
    }

    private void propagation(VolumeMount mount, Container container, FieldPath path) {
        List<String> all = List.of("Bidirectional", "HostToContainer", "None");
        if (mount.hasMountPropagation()) {
            if (!all.contains(mount.mountPropagation())) {
                errors.notSupported(path.child("mountPropagation"), mount.mountPropagation(), all);
            }
            if (mount.mountPropagation().equals("Bidirectional") && !container.securityContext().privileged()) {
                errors.forbidden(path.child("mountPropagation"), "Bidirectional mount propagation is available only to privileged containers");
            }
        }
        FieldPath recursive = path.child("recursiveReadOnly");
        switch (mount.hasRecursiveReadOnly() ? mount.recursiveReadOnly() : "Disabled") {
            case "Disabled" -> {}
            case "Enabled", "IfPossible" -> {
                if (!mount.readOnly()) {
                    errors.forbidden(recursive, "may only be specified when readOnly is true");
                }
                if (mount.hasMountPropagation() && !mount.mountPropagation().equals("None")) {
                    errors.forbidden(recursive, "may only be specified when mountPropagation is None or not specified");
                }
            }
            default -> errors.notSupported(recursive, mount.recursiveReadOnly(), List.of("Disabled", "Enabled", "IfPossible"));
        }
    }

    private void devices(Container container, FieldPath path) {
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < container.volumeDevices().size(); i++) {
            VolumeDevice device = container.volumeDevices().get(i);
            FieldPath here = path.index(i);
            Volume volume = volumes.get(device.name());
            if (device.name().isEmpty()) {
                errors.required(here.child("name"));
            }
            if (!names.add(device.name())) {
                errors.invalid(here.child("name"), device.name(), "must be unique");
            }
            if (volume != null && !volume.hasPersistentVolumeClaim() && !volume.hasEphemeral()) {
                errors.invalid(here.child("name"), device.name(), "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            if (volume == null) {
                errors.notFound(here.child("name"), device.name());
            }
            if (device.devicePath().isEmpty()) {
                errors.required(here.child("devicePath"));
            }
            if (!paths.add(device.devicePath())) {
                errors.invalid(here.child("devicePath"), device.devicePath(), "must be unique");
            }
            if (!device.devicePath().isEmpty() && List.of(device.devicePath().split("/", -1)).contains("..")) {
                errors.invalid(here.child("devicePath"), device.devicePath(), "can not contain backsteps ('..')");
            }
            if (container.volumeMounts().stream().anyMatch(mount -> mount.name().equals(device.name()))) {
                errors.invalid(here.child("name"), device.name(), "must not already exist in volumeMounts");
            }
            if (container.volumeMounts().stream().anyMatch(mount -> mount.mountPath().equals(device.devicePath()))) {
                errors.invalid(here.child("devicePath"), device.devicePath(), "must not already exist as a path in volumeMounts");
            }
        }
    }

    private void resizePolicy(List<ContainerResizePolicy> policies, FieldPath path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < policies.size(); i++) {
            ContainerResizePolicy policy = policies.get(i);
            if (!seen.add(policy.resourceName())) {
                errors.duplicate(path.index(i), policy.resourceName());
            }
            if (policy.resourceName().isEmpty()) {
                errors.required(path);
            } else if (!List.of("cpu", "memory").contains(policy.resourceName())) {
                errors.notSupported(path, policy.resourceName(), List.of("cpu", "memory"));
            }
            List<String> restarts = List.of("NotRequired", "RestartContainer");
            if (policy.restartPolicy().isEmpty()) {
                errors.required(path);
            } else if (!restarts.contains(policy.restartPolicy())) {
                errors.notSupported(path, policy.restartPolicy(), restarts);
            }
            if (spec.restartPolicy().equals("Never") && !policy.restartPolicy().equals("NotRequired")) {
                errors.invalid(path, policy.restartPolicy(), "must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        }
    }
}
