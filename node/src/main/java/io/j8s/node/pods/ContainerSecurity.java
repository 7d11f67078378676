package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.SeccompProfile;
import io.j8s.node.cri.v1.Capability;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.cri.v1.Int64Value;
import io.j8s.node.cri.v1.LinuxContainerSecurityContext;
import io.j8s.node.cri.v1.NamespaceMode;
import io.j8s.node.cri.v1.SecurityProfile;
import io.j8s.node.environment.ConfigurationException;
import io.j8s.node.layout.NodeDirs;

/// A container's security context (Kubernetes documentation, "Configure a Security Context"): the container's own settings before the pod's.
final class ContainerSecurity {
    private ContainerSecurity() {}

    /// @param image whose own user counts when the pod names none
    /// @param target the container whose processes it sees; empty: none
    static LinuxContainerSecurityContext of(Pod pod, Container container, Image image, String target, NodeContext node, NodeDirs dirs) throws ConfigurationException {
        var own = container.securityContext();
        var shared = pod.spec().securityContext();
        LinuxContainerSecurityContext.Builder security = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(target.isEmpty() ? SandboxSpec.namespaces(pod) : SandboxSpec.namespaces(pod).toBuilder().setPid(NamespaceMode.TARGET).setTargetId(target).build())
                .setPrivileged(own.privileged())
                .setReadonlyRootfs(own.readOnlyRootFilesystem())
                .setNoNewPrivs(own.hasAllowPrivilegeEscalation() && !own.allowPrivilegeEscalation())
                .addAllSupplementalGroups(SandboxSpec.groups(pod))
                .setCapabilities(Capability.newBuilder().addAllAddCapabilities(own.capabilities().add()).addAllDropCapabilities(own.capabilities().drop()));
        security.setSupplementalGroupsPolicy(SandboxSpec.groupsPolicy(pod));
        KernelViews.restrict(security, own.procMount());
        user(security, pod, container, image);
        if (own.hasRunAsGroup() || shared.hasRunAsGroup()) {
            security.setRunAsGroup(Int64Value.newBuilder().setValue(own.hasRunAsGroup() ? own.runAsGroup() : shared.runAsGroup()));
        }
        SeccompProfile seccomp = own.hasSeccompProfile() ? own.seccompProfile() : shared.seccompProfile();
        boolean usual = seccomp.type().isEmpty() && node.settings().seccompDefault();
        security.setSeccomp(SandboxSpec.profile(usual ? SeccompProfile.EMPTY.withType("RuntimeDefault") : seccomp, dirs.seccomp()));
        SecurityProfile apparmor = AppArmor.of(pod, container);
        if (apparmor != null) {
            security.setApparmor(apparmor);
        }
        if (own.hasSeLinuxOptions() || shared.hasSeLinuxOptions()) {
            security.setSelinuxOptions(SandboxSpec.selinux(own.hasSeLinuxOptions() ? own.seLinuxOptions() : shared.seLinuxOptions()));
        }
        return security.build();
    }

    private static void user(LinuxContainerSecurityContext.Builder security, Pod pod, Container container, Image image) throws ConfigurationException {
        var own = container.securityContext();
        var shared = pod.spec().securityContext();
        boolean given = own.hasRunAsUser() || shared.hasRunAsUser();
        long user = own.hasRunAsUser() ? own.runAsUser() : shared.runAsUser();
        boolean notRoot = own.hasRunAsNonRoot() ? own.runAsNonRoot() : shared.runAsNonRoot();
        if (given) {
            if (notRoot && user == 0) {
                throw new ConfigurationException("container's runAsUser breaks non-root policy (pod: \"" + name(pod) + "\", container: " + container.name() + ")");
            }
            security.setRunAsUser(Int64Value.newBuilder().setValue(user));
        } else if (!image.getUsername().isEmpty()) {
            if (notRoot) {
                throw new ConfigurationException("container has runAsNonRoot and image has non-numeric user (" + image.getUsername()
                        + "), cannot verify user is non-root (pod: \"" + name(pod) + "\", container: " + container.name() + ")");
            }
            security.setRunAsUsername(image.getUsername());
        } else {
            if (notRoot && image.getUid().getValue() == 0) {
                throw new ConfigurationException("container has runAsNonRoot and image will run as root (pod: \"" + name(pod) + "\", container: " + container.name() + ")");
            }
            security.setRunAsUser(Int64Value.newBuilder().setValue(image.getUid().getValue()));
        }
    }

    private static String name(Pod pod) {
        return pod.metadata().name() + "_" + pod.metadata().namespace() + "(" + pod.metadata().uid() + ")";
    }
}
