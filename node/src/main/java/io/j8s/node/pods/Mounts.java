package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.HostAlias;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.VolumeMount;
import io.j8s.node.cri.RuntimeFeatures;
import io.j8s.node.cri.v1.Mount;
import io.j8s.node.cri.v1.MountPropagation;
import io.j8s.node.environment.ConfigurationException;
import io.j8s.node.environment.Expansion;
import io.j8s.node.host.Linux;
import io.j8s.node.layout.NodeDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a container sees of the host: its volumes, `/etc/hosts`, and the file for its last words.
final class Mounts {
    static final String HOSTS = "/etc/hosts";
    static final String DEFAULT_TERMINATION_PATH = "/dev/termination-log";

    private Mounts() {}

    /// What a container is mounted from.
    ///
    /// @param volumes where each volume of the pod is
    /// @param handler what runs the pod
    record Setting(Pod pod, Container container, int attempt, Map<String, Path> volumes, Map<String, String> environment, RuntimeFeatures.Handler handler) {}

    static List<Mount> of(Setting setting, NodeDirs dirs) throws ConfigurationException, IOException {
        Pod pod = setting.pod();
        List<Mount> mounts = new ArrayList<>();
        List<VolumeMount> wanted = setting.container().volumeMounts();
        for (int i = 0; i < wanted.size(); i++) {
            mounts.add(volume(setting, wanted.get(i), i, dirs));
        }
        if (mounts.stream().noneMatch(m -> m.getContainerPath().equals(HOSTS))) {
            mounts.add(Mount.newBuilder().setHostPath(dirs.hosts(pod.metadata().uid()).toString()).setContainerPath(HOSTS).build());
        }
        mounts.add(Mount.newBuilder().setHostPath(terminationFile(pod, setting.container(), setting.attempt(), dirs).toString()).setContainerPath(terminationPath(setting.container())).build());
        return mounts;
    }

    static String terminationPath(Container container) {
        return container.terminationMessagePath().isEmpty() ? DEFAULT_TERMINATION_PATH : container.terminationMessagePath();
    }

    static Path terminationPlace(Pod pod, String container, int attempt, NodeDirs dirs) {
        return dirs.container(pod.metadata().uid(), container).resolve(String.format("%08x", attempt));
    }

    /// Writes the pod's hosts file: its own, or the host's with the pod's aliases for pods on the host's network.
    static void writeHosts(Pod pod, List<String> addresses, String clusterDomain, NodeDirs dirs) throws IOException {
        StringBuilder text = new StringBuilder(pod.spec().hostNetwork() ? hostsOfNode() : ownHosts(pod, addresses, clusterDomain));
        if (!pod.spec().hostAliases().isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            for (HostAlias alias : pod.spec().hostAliases()) {
                text.append(alias.ip()).append('\t').append(String.join("\t", alias.hostnames())).append('\n');
            }
        }
        Path file = dirs.hosts(pod.metadata().uid());
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Linux.mode(file, 0644);
    }

    private static String hostsOfNode() throws IOException {
        Path file = Path.of(HOSTS);
        return "# Kubernetes-managed hosts file (host network).\n" + (Files.exists(file) ? Files.readString(file) : "");
    }

    private static String ownHosts(Pod pod, List<String> addresses, String clusterDomain) {
        StringBuilder text = new StringBuilder("""
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                """);
        String host = SandboxSpec.hostname(pod);
        String domain = SandboxSpec.domain(pod, clusterDomain);
        for (String address : addresses) {
            text.append(address).append('\t').append(domain.isEmpty() ? "" : host + "." + domain + "\t").append(host).append('\n');
        }
        return text.toString();
    }

    private static Mount volume(Setting setting, VolumeMount mount, int index, NodeDirs dirs) throws ConfigurationException, IOException {
        Path source = setting.volumes().get(mount.name());
        if (source == null) {
            throw new ConfigurationException("cannot find volume \"" + mount.name() + "\" to mount into container \"" + setting.container().name() + "\"");
        }
        String sub = mount.subPathExpr().isEmpty() ? mount.subPath() : Expansion.of(mount.subPathExpr(), setting.environment());
        String container = setting.container().name();
        Path place = sub.isEmpty() ? source
                : SubPaths.held(source, sub, dirs.subPath(setting.pod().metadata().uid(), mount.name(), container, index), mount.name(), container);
        MountPropagation propagation = switch (mount.mountPropagation()) {
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
        if (!Files.exists(place)) {
            Files.createDirectories(place);
        }
        String path = mount.mountPath().startsWith("/") ? mount.mountPath() : "/" + mount.mountPath();
        return Mount.newBuilder().setHostPath(place.toString()).setContainerPath(path).setReadonly(mount.readOnly() || alwaysReadOnly(setting.pod(), mount.name()))
                .setRecursiveReadOnly(recursive(mount, setting.handler())).setPropagation(propagation).build();
    }

    /// Whether mounts below a read-only mount are read-only, too.
    static boolean recursive(VolumeMount mount, RuntimeFeatures.Handler handler) throws ConfigurationException {
        if (mount.recursiveReadOnly().equals("Enabled") && !handler.recursiveReadOnly()) {
            throw new ConfigurationException("failed to resolve recursive read-only mode: volume \"" + mount.name()
                    + "\" requested recursive read-only mode, but it is not supported by the runtime");
        }
        return mount.readOnly() && handler.recursiveReadOnly() && (mount.recursiveReadOnly().equals("Enabled") || mount.recursiveReadOnly().equals("IfPossible"));
    }

    private static boolean alwaysReadOnly(Pod pod, String volume) {
        return pod.spec().volumes().stream().anyMatch(v -> v.name().equals(volume) && (v.hasImage() || (v.hasPersistentVolumeClaim() && v.persistentVolumeClaim().readOnly())));
    }

    private static Path terminationFile(Pod pod, Container container, int attempt, NodeDirs dirs) throws IOException {
        Path file = terminationPlace(pod, container.name(), attempt, dirs);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
        Linux.mode(file, 0666);
        return file;
    }
}
