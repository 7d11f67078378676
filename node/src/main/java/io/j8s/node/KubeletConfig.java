package io.j8s.node;

import io.j8s.model.core.v1.Taint;
import io.j8s.node.containerd.ContainerdConfig;
import io.j8s.node.eviction.EvictionSettings;
import io.j8s.node.images.PauseImage;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.settings.ApiSettings;
import io.j8s.node.settings.HousekeepingSettings;
import io.j8s.node.settings.PodSettings;
import io.j8s.node.settings.RegistrationSettings;
import io.j8s.node.settings.ResourceSettings;
import io.j8s.node.settings.RuntimeSettings;
import io.j8s.node.shutdown.ShutdownSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How a node agent is set up.
///
/// @param nodeName (`--hostname-override`)
/// @param addresses of the node, the first being its primary one (`--node-ip`)
/// @param dirs (`--root-dir`, and where logs go)
/// @param document the KubeletConfiguration that is shown at `/configz`
public record KubeletConfig(
        String nodeName, List<String> addresses, NodeDirs dirs, RuntimeSettings runtime, RegistrationSettings registration, PodSettings pods, ResourceSettings resources,
        EvictionSettings eviction, HousekeepingSettings housekeeping, ApiSettings api, ShutdownSettings shutdown, Map<String, Object> document) {

    public KubeletConfig {
        addresses = List.copyOf(addresses);
        document = Map.copyOf(document);
        if (!nodeName.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
            throw new IllegalArgumentException("node name \"" + nodeName + "\": lower case letters, digits, '-' and '.' are allowed; give another with --hostname-override");
        }
    }

    /// A node with a runtime of its own whose files are under one data directory, with upstream's defaults and without an API of its own.
    ///
    /// @param cniConfigs the directory of CNI configuration lists
    public static KubeletConfig of(String nodeName, String address, Path data, Path cniConfigs) {
        return new KubeletConfig(nodeName, List.of(address), NodeDirs.under(data), new RuntimeSettings.Own(ContainerdConfig.under(data, PauseImage.NAME, cniConfigs)),
                RegistrationSettings.DEFAULT, PodSettings.DEFAULT, ResourceSettings.DEFAULT, EvictionSettings.DEFAULT, HousekeepingSettings.DEFAULT, ApiSettings.NONE, ShutdownSettings.NONE, Map.of());
    }

    public KubeletConfig withClusterDns(List<String> servers, String domain) {
        return withPods(pods.withClusterDns(servers, domain));
    }

    public KubeletConfig withCgroupRoot(String root) {
        return withResources(resources.withCgroupRoot(root));
    }

    public KubeletConfig withLabels(Map<String, String> labels, List<Taint> taints) {
        return withRegistration(registration.with(labels, taints));
    }

    public KubeletConfig withRuntime(RuntimeSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, other, registration, pods, resources, eviction, housekeeping, api, shutdown, document);
    }

    public KubeletConfig withRegistration(RegistrationSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, other, pods, resources, eviction, housekeeping, api, shutdown, document);
    }

    public KubeletConfig withPods(PodSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, registration, other, resources, eviction, housekeeping, api, shutdown, document);
    }

    public KubeletConfig withResources(ResourceSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, registration, pods, other, eviction, housekeeping, api, shutdown, document);
    }

    public KubeletConfig withEviction(EvictionSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, registration, pods, resources, other, housekeeping, api, shutdown, document);
    }

    public KubeletConfig withShutdown(ShutdownSettings other) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, registration, pods, resources, eviction, housekeeping, api, other, document);
    }

    public KubeletConfig withApi(UnaryOperator<ApiSettings> change) {
        return new KubeletConfig(nodeName, addresses, dirs, runtime, registration, pods, resources, eviction, housekeeping, change.apply(api), shutdown, document);
    }
}
