package io.j8s.node.containerd;

import java.nio.file.Path;

/// How our private containerd is set up.
///
/// @param binary the containerd program: a path, or a name that is looked up in PATH
/// @param root where it keeps images and containers; survives a reboot
/// @param state where it keeps what belongs to running containers, and its socket
/// @param pauseImage the reference of the image that holds a pod's namespaces; must be present or pullable
/// @param cniConfigs the directory of CNI configuration lists
/// @param cniPlugins the directory of CNI plugins
/// @param registries the directory of registry hosts (containerd's `certs.d` layout: mirrors, CAs, credentials)
/// @param systemdCgroups whether systemd makes the cgroups (else we and runc do)
public record ContainerdConfig(
        String binary, Path root, Path state, String pauseImage, Path cniConfigs, Path cniPlugins, Path registries, boolean systemdCgroups) {

    /// The longest path that a Unix socket can have, less its ending zero.
    private static final int LONGEST_SOCKET_PATH = 107;

    public ContainerdConfig {
        root = root.toAbsolutePath();
        state = state.toAbsolutePath();
        cniConfigs = cniConfigs.toAbsolutePath();
        cniPlugins = cniPlugins.toAbsolutePath();
        registries = registries.toAbsolutePath();
        int length = state.resolve("containerd.sock.ttrpc").toString().length();
        if (length > LONGEST_SOCKET_PATH) {
            throw new IllegalArgumentException("containerd's state directory " + state + " is too long for a Unix socket by " + (length - LONGEST_SOCKET_PATH)
                    + " characters; use a shorter data directory");
        }
    }

    /// Everything under one data directory, with the plugins of Debian's package.
    public static ContainerdConfig under(Path data, String pauseImage, Path cniConfigs) {
        Path base = data.resolve("containerd");
        return new ContainerdConfig("containerd", base.resolve("root"), base.resolve("state"), pauseImage, cniConfigs,
                Path.of("/usr/lib/cni"), Path.of("/etc/containerd/certs.d"), false);
    }

    public Path socket() {
        return state.resolve("containerd.sock");
    }

    Path file() {
        return state.resolve("config.toml");
    }

    Path pidFile() {
        return state.resolve("containerd.pid");
    }

    Path log() {
        return state.resolve("containerd.log");
    }

    /// containerd's configuration file, version 2 (containerd/docs/cri/config.md).
    ///
    /// @param mayLowerOomScore whether this process may make its children less likely to be killed than itself (CAP_SYS_RESOURCE)
    String toml(boolean mayLowerOomScore) {
        return """
                version = 2
                root = %s
                state = %s
                oom_score = 0
                disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]
                [grpc]
                  address = %s
                [ttrpc]
                  address = %s
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = %s
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  restrict_oom_score_adj = %s
                  tolerate_missing_hugetlb_controller = true
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = %s
                    conf_dir = %s
                    max_conf_num = 1
                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = %s
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    default_runtime_name = "runc"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                        SystemdCgroup = %s
                """.formatted(
                quoted(root), quoted(state), quoted(socket()), quoted(state.resolve("containerd.sock.ttrpc")), quoted(pauseImage),
                !mayLowerOomScore, quoted(cniPlugins), quoted(cniConfigs), quoted(registries), systemdCgroups);
    }

    private static String quoted(Object value) {
        return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
