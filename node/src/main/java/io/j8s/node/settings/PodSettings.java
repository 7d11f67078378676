package io.j8s.node.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What pods of a node get beside what they ask for.
///
/// @param clusterDns the DNS servers of pods (`--cluster-dns`); empty: the host's
/// @param clusterDomain (`--cluster-domain`)
/// @param resolvConf the host's resolver configuration (`--resolv-conf`)
/// @param manifests a directory (or file) of static pods (`--pod-manifest-path`); null: none
/// @param manifestPeriod how often it is looked at beside being watched (`--file-check-frequency`)
/// @param unsafeSysctls which pods may set although they are not safe (`--allowed-unsafe-sysctls`); `*` at the end stands for any ending
/// @param seccompDefault whether containers without a seccomp profile get the runtime's (`--seccomp-default`)
/// @param parallelPulls how many images are pulled at once (`serializeImagePulls`, `maxParallelImagePulls`)
/// @param longestBackoff between restarts of a container that fails (`crashLoopBackOff.maxContainerRestartPeriod`)
/// @param cpuQuota whether CPU limits are enforced (`--cpu-cfs-quota`)
/// @param cpuQuotaPeriod over which they are (`--cpu-cfs-quota-period`)
public record PodSettings(
        List<String> clusterDns, String clusterDomain, Path resolvConf, @Nullable Path manifests, Duration manifestPeriod, List<String> unsafeSysctls,
        boolean seccompDefault, int parallelPulls, Duration longestBackoff, boolean cpuQuota, Duration cpuQuotaPeriod) {

    public static final PodSettings DEFAULT = new PodSettings(List.of(), "cluster.local", Path.of("/etc/resolv.conf"), null, Duration.ofSeconds(20), List.of(),
            false, 1, Duration.ofMinutes(5), true, Duration.ofMillis(100));

    public PodSettings {
        clusterDns = List.copyOf(clusterDns);
        unsafeSysctls = List.copyOf(unsafeSysctls);
        if (parallelPulls < 1) {
            throw new IllegalArgumentException("maxParallelImagePulls " + parallelPulls + " must be a positive number");
        }
    }

    public PodSettings withClusterDns(List<String> servers, String domain) {
        return new PodSettings(servers, domain, resolvConf, manifests, manifestPeriod, unsafeSysctls, seccompDefault, parallelPulls, longestBackoff, cpuQuota, cpuQuotaPeriod);
    }

    public PodSettings withManifests(@Nullable Path directory) {
        return new PodSettings(clusterDns, clusterDomain, resolvConf, directory, manifestPeriod, unsafeSysctls, seccompDefault, parallelPulls, longestBackoff, cpuQuota, cpuQuotaPeriod);
    }

    public PodSettings withUnsafeSysctls(List<String> allowed) {
        return new PodSettings(clusterDns, clusterDomain, resolvConf, manifests, manifestPeriod, allowed, seccompDefault, parallelPulls, longestBackoff, cpuQuota, cpuQuotaPeriod);
    }
}
