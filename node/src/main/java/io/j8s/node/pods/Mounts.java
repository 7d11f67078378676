package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.HostAlias;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.VolumeMount;
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

    static List<Mount> of(Pod pod, Container container, int attempt, Map<String, Path> volumes, Map<String, String> environment, NodeDirs dirs)
            throws ConfigurationException, IOException {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.volumeMounts()) {
            mounts.add(volume(pod, mount, volumes, environment));
        }
        if (!pod.spec().hostNetwork() && mounts.stream().noneMatch(m -> m.getContainerPath().equals(HOSTS))) {
            mounts.add(Mount.newBuilder().setHostPath(dirs.hosts(pod.metadata().uid()).toString()).setContainerPath(HOSTS).build());
        }
        mounts.add(Mount.newBuilder().setHostPath(terminationFile(pod, container, attempt, dirs).toString()).setContainerPath(terminationPath(container)).build());
        return mounts;
    }

    static String terminationPath(Container container) {
        return container.terminationMessagePath().isEmpty() ? DEFAULT_TERMINATION_PATH : container.terminationMessagePath();
    }

    static Path terminationPlace(Pod pod, String container, int attempt, NodeDirs dirs) {
        return dirs.container(pod.metadata().uid(), container).resolve(String.format("%08x", attempt));
    }

    /// Writes the pod's hosts file.
    static void writeHosts(Pod pod, List<String> addresses, String clusterDomain, NodeDirs dirs) throws IOException {
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
        for (String address : addresses) {
            text.append(address).append('\t');
            if (!pod.spec().subdomain().isEmpty()) {
                text.append(host).append('.').append(pod.spec().subdomain()).append('.').append(pod.metadata().namespace()).append(".svc.").append(clusterDomain).append('\t');
            }
            text.append(host).append('\n');
        }
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

    private static Mount volume(Pod pod, VolumeMount mount, Map<String, Path> volumes, Map<String, String> environment) throws ConfigurationException, IOException {
        Path source = volumes.get(mount.name());
        if (source == null) {
            throw new ConfigurationException("volumeMounts: there is no volume \"" + mount.name() + "\" in the pod");
        }
        String sub = mount.subPathExpr().isEmpty() ? mount.subPath() : Expansion.of(mount.subPathExpr(), environment);
        if (mount.recursiveReadOnly().equals("Enabled")) {
            throw new ConfigurationException("volumeMounts[" + mount.name() + "].recursiveReadOnly: the runtime does not support Enabled; use IfPossible or Disabled");
        }
        Path place = sub.isEmpty() ? source : within(source, sub);
        MountPropagation propagation = switch (mount.mountPropagation()) {
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
        if (!Files.exists(place)) {
            Files.createDirectories(place);
        }
        String path = mount.mountPath().startsWith("/") ? mount.mountPath() : "/" + mount.mountPath();
        return Mount.newBuilder().setHostPath(place.toString()).setContainerPath(path).setReadonly(mount.readOnly() || claimedReadOnly(pod, mount.name())).setPropagation(propagation).build();
    }

    private static boolean claimedReadOnly(Pod pod, String volume) {
        return pod.spec().volumes().stream().anyMatch(v -> v.name().equals(volume) && v.hasPersistentVolumeClaim() && v.persistentVolumeClaim().readOnly());
    }

    /// A path inside a volume. Links in it are followed here, and must not lead out of the volume.
    private static Path within(Path volume, String sub) throws ConfigurationException, IOException {
        Path place = volume.resolve(sub).normalize();
        if (sub.startsWith("/") || !place.startsWith(volume)) {
            throw new ConfigurationException("subPath \"" + sub + "\" leads out of the volume");
        }
        if (!Files.exists(place)) {
            Files.createDirectories(place);
            Linux.mode(place, (int) Files.getAttribute(volume, "unix:mode") & 07777);
        }
        Path real = place.toRealPath();
        if (!real.startsWith(volume.toRealPath())) {
            throw new ConfigurationException("subPath \"" + sub + "\" leads out of the volume through a link");
        }
        return real;
    }

    private static Path terminationFile(Pod pod, Container container, int attempt, NodeDirs dirs) throws IOException {
        Path file = terminationPlace(pod, container.name(), attempt, dirs);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
        Linux.mode(file, 0666);
        return file;
    }
}
