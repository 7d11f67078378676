package io.j8s.node.layout;

import java.nio.file.Path;

/// The directories of one node agent, in upstream's layout, each under a root that can be chosen, so that several agents fit one machine.
///
/// @param root upstream's `/var/lib/kubelet`
/// @param podLogs upstream's `/var/log/pods`
/// @param containerLogs upstream's `/var/log/containers`
public record NodeDirs(Path root, Path podLogs, Path containerLogs) {

    public NodeDirs {
        root = root.toAbsolutePath().normalize();
        podLogs = podLogs.toAbsolutePath().normalize();
        containerLogs = containerLogs.toAbsolutePath().normalize();
    }

    /// Everything under one data directory.
    public static NodeDirs under(Path data) {
        return new NodeDirs(data.resolve("kubelet"), data.resolve("logs/pods"), data.resolve("logs/containers"));
    }

    public Path pods() {
        return root.resolve("pods");
    }

    public Path pod(String uid) {
        return pods().resolve(uid);
    }

    /// @param plugin such as `empty-dir`
    public Path volume(String uid, String plugin, String volume) {
        return pod(uid).resolve("volumes").resolve("kubernetes.io~" + plugin).resolve(volume);
    }

    public Path imageVolume(String uid, String volume) {
        return volume(uid, "image", volume);
    }

    public Path hosts(String uid) {
        return pod(uid).resolve("etc-hosts");
    }

    /// What one container of a pod has for itself, such as its termination message.
    public Path container(String uid, String container) {
        return pod(uid).resolve("containers").resolve(container);
    }

    /// Where a part of a volume is held for one container.
    public Path subPath(String uid, String volume, String container, int index) {
        return pod(uid).resolve("volume-subpaths").resolve(volume).resolve(container).resolve(Integer.toString(index));
    }

    /// Where seccomp profiles lie that pods name (`Localhost`).
    public Path seccomp() {
        return root.resolve("seccomp");
    }

    public Path podLog(String namespace, String name, String uid) {
        return podLogs.resolve(namespace + "_" + name + "_" + uid);
    }

    /// The link by which log collectors find a container's log.
    public Path containerLog(String namespace, String pod, String container, String id) {
        return containerLogs.resolve(pod + "_" + namespace + "_" + container + "-" + id + ".log");
    }
}
