package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.SELinuxOptions;
import io.j8s.model.core.v1.SeccompProfile;
import io.j8s.node.cri.v1.Int64Value;
import io.j8s.node.cri.v1.LinuxPodSandboxConfig;
import io.j8s.node.cri.v1.LinuxSandboxSecurityContext;
import io.j8s.node.cri.v1.NamespaceMode;
import io.j8s.node.cri.v1.NamespaceOption;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.node.cri.v1.PodSandboxMetadata;
import io.j8s.node.cri.v1.PortMapping;
import io.j8s.node.cri.v1.Protocol;
import io.j8s.node.cri.v1.SELinuxOption;
import io.j8s.node.cri.v1.SecurityProfile;
import io.j8s.node.cri.v1.SupplementalGroupsPolicy;
import io.j8s.node.layout.NodeDirs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A pod as a sandbox of the runtime.
final class SandboxSpec {
    private static final int LONGEST_HOSTNAME = 63;
    private static final int LONGEST_KERNEL_NAME = 64;

    private SandboxSpec() {}

    static PodSandboxConfig of(Pod pod, int attempt, NodeContext node, NodeDirs dirs, String cgroupParent) throws IOException {
        var metadata = pod.metadata();
        PodSandboxConfig.Builder config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(metadata.name()).setNamespace(metadata.namespace()).setUid(metadata.uid()).setAttempt(attempt))
                .setLogDirectory(dirs.podLog(metadata.namespace(), metadata.name(), metadata.uid()).toString())
                .setDnsConfig(Dns.of(pod, node))
                .putAllLabels(Labels.pod(pod))
                .putAllAnnotations(metadata.annotations())
                .putAnnotations(Labels.GRACE, Long.toString(PodGrace.of(pod)));
        if (!pod.spec().hostNetwork()) {
            config.setHostname(kernelName(pod, node.settings().clusterDomain()));
        }
        for (Container container : Stream.concat(pod.spec().initContainers().stream().filter(PodView::isSidecar), pod.spec().containers().stream()).toList()) {
            for (ContainerPort port : container.ports()) {
                if (port.hostPort() > 0 && !pod.spec().hostNetwork()) {
                    config.addPortMappings(PortMapping.newBuilder().setContainerPort(port.containerPort()).setHostPort(port.hostPort()).setHostIp(port.hostIP())
                            .setProtocol(port.protocol().isEmpty() ? Protocol.TCP : Protocol.valueOf(port.protocol())));
                }
            }
        }
        LinuxPodSandboxConfig.Builder linux = LinuxPodSandboxConfig.newBuilder().setCgroupParent(cgroupParent).setSecurityContext(security(pod));
        pod.spec().securityContext().sysctls().forEach(sysctl -> linux.putSysctls(sysctl.name(), sysctl.value()));
        return config.setLinux(linux).build();
    }

    static String hostname(Pod pod) {
        String given = pod.spec().hasHostnameOverride() ? pod.spec().hostnameOverride() : pod.spec().hostname();
        String name = given.isEmpty() ? pod.metadata().name() : given;
        return name.length() > LONGEST_HOSTNAME ? name.substring(0, LONGEST_HOSTNAME).replaceAll("[-.]+$", "") : name;
    }

    /// The domain in which the pod's host name is known; empty: it has none.
    static String domain(Pod pod, String clusterDomain) {
        return pod.spec().subdomain().isEmpty() || pod.spec().hasHostnameOverride() ? ""
                : pod.spec().subdomain() + "." + pod.metadata().namespace() + ".svc." + clusterDomain;
    }

    /// What the kernel calls the pod's host, which is the whole name if the pod asks for that.
    private static String kernelName(Pod pod, String clusterDomain) throws IOException {
        String domain = domain(pod, clusterDomain);
        if (domain.isEmpty() || !pod.spec().setHostnameAsFQDN()) {
            return hostname(pod);
        }
        String whole = hostname(pod) + "." + domain;
        if (whole.length() > LONGEST_KERNEL_NAME) {
            throw new IOException("failed to construct FQDN from pod hostname and cluster domain, FQDN " + whole + " is too long (" + LONGEST_KERNEL_NAME
                    + " characters is the max, " + whole.length() + " characters requested)");
        }
        return whole;
    }

    static NamespaceOption namespaces(Pod pod) {
        return NamespaceOption.newBuilder()
                .setNetwork(pod.spec().hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(pod.spec().hostPID() ? NamespaceMode.NODE : pod.spec().shareProcessNamespace() ? NamespaceMode.POD : NamespaceMode.CONTAINER)
                .setIpc(pod.spec().hostIPC() ? NamespaceMode.NODE : NamespaceMode.POD)
                .build();
    }

    /// @param profiles where the host's own profiles lie
    static SecurityProfile profile(SeccompProfile wanted, Path profiles) {
        return switch (wanted.type()) {
            case "RuntimeDefault" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build();
            case "Localhost" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Localhost).setLocalhostRef(profiles.resolve(wanted.localhostProfile()).toString()).build();
            default -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Unconfined).build();
        };
    }

    static SELinuxOption selinux(SELinuxOptions options) {
        return SELinuxOption.newBuilder().setUser(options.user()).setRole(options.role()).setType(options.type()).setLevel(options.level()).build();
    }

    /// The supplemental groups of all containers: the pod's own, and that of its volumes.
    static List<Long> groups(Pod pod) {
        var security = pod.spec().securityContext();
        Stream<Long> volumes = security.hasFsGroup() ? Stream.of(security.fsGroup()) : Stream.empty();
        return Stream.concat(volumes, security.supplementalGroups().stream()).distinct().toList();
    }

    static SupplementalGroupsPolicy groupsPolicy(Pod pod) {
        return pod.spec().securityContext().supplementalGroupsPolicy().equals("Strict") ? SupplementalGroupsPolicy.Strict : SupplementalGroupsPolicy.Merge;
    }

    private static LinuxSandboxSecurityContext security(Pod pod) {
        var wanted = pod.spec().securityContext();
        boolean privileged = Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream()).anyMatch(c -> c.securityContext().privileged());
        LinuxSandboxSecurityContext.Builder security = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod)).setPrivileged(privileged)
                .setSeccomp(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault))
                .addAllSupplementalGroups(groups(pod)).setSupplementalGroupsPolicy(groupsPolicy(pod));
        if (wanted.hasRunAsUser()) {
            security.setRunAsUser(Int64Value.newBuilder().setValue(wanted.runAsUser()));
        }
        if (wanted.hasRunAsGroup() && wanted.hasRunAsUser()) {
            security.setRunAsGroup(Int64Value.newBuilder().setValue(wanted.runAsGroup()));
        }
        if (wanted.hasSeLinuxOptions()) {
            security.setSelinuxOptions(selinux(wanted.seLinuxOptions()));
        }
        return security.build();
    }
}
