package io.j8s.scheduler.config;

import io.j8s.model.core.v1.NodeAffinity;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.scheduler.framework.Point;
import java.util.HashMap;
import java.util.Map;

/// The fields of KubeSchedulerConfiguration v1 and of the arguments of its plugins.
final class Schema {

    static final String VERSION = "kubescheduler.config.k8s.io/v1";

    private static final Fields.Scalar TEXT = Fields.Scalar.TEXT;
    private static final Fields.Scalar INT32 = Fields.Scalar.INT32;
    private static final Fields.Scalar INT64 = Fields.Scalar.INT64;
    private static final Fields.Scalar SWITCH = Fields.Scalar.SWITCH;
    private static final Fields.Scalar DURATION = Fields.Scalar.DURATION;
    private static final Fields TEXTS = new Fields.ListOf(TEXT);

    private static final Fields PLUGINS = new Fields.ListOf(new Fields.Group("Plugin", Map.of("name", TEXT, "weight", INT32)));
    private static final Fields PLUGIN_SET = new Fields.Group("PluginSet", Map.of("enabled", PLUGINS, "disabled", PLUGINS));
    private static final Fields TLS = new Fields.Group("ExtenderTLSConfig", Map.of("insecure", SWITCH, "serverName", TEXT, "certFile", TEXT, "keyFile", TEXT,
            "caFile", TEXT, "certData", Fields.Scalar.BYTES, "keyData", Fields.Scalar.BYTES, "caData", Fields.Scalar.BYTES));
    private static final Fields MANAGED = new Fields.ListOf(new Fields.Group("ExtenderManagedResource", Map.of("name", TEXT, "ignoredByScheduler", SWITCH)));
    private static final Fields RESOURCES = new Fields.ListOf(new Fields.Group("ResourceSpec", Map.of("name", TEXT, "weight", INT64)));
    private static final Fields SHAPE = new Fields.ListOf(new Fields.Group("UtilizationShapePoint", Map.of("utilization", INT32, "score", INT32)));

    static final Fields.Group CONFIGURATION = new Fields.Group("KubeSchedulerConfiguration", Map.ofEntries(
            Map.entry("apiVersion", TEXT), Map.entry("kind", TEXT), Map.entry("parallelism", INT32),
            Map.entry("leaderElection", new Fields.Group("LeaderElectionConfiguration", Map.of("leaderElect", SWITCH, "leaseDuration", DURATION,
                    "renewDeadline", DURATION, "retryPeriod", DURATION, "resourceLock", TEXT, "resourceName", TEXT, "resourceNamespace", TEXT))),
            Map.entry("clientConnection", new Fields.Group("ClientConnectionConfiguration", Map.of("kubeconfig", TEXT, "acceptContentTypes", TEXT,
                    "contentType", TEXT, "qps", Fields.Scalar.NUMBER, "burst", INT32))),
            Map.entry("enableProfiling", SWITCH), Map.entry("enableContentionProfiling", SWITCH),
            Map.entry("percentageOfNodesToScore", INT32), Map.entry("podInitialBackoffSeconds", INT64), Map.entry("podMaxBackoffSeconds", INT64),
            Map.entry("profiles", new Fields.ListOf(new Fields.Group("KubeSchedulerProfile", Map.of("schedulerName", TEXT, "percentageOfNodesToScore", INT32,
                    "plugins", new Fields.Group("Plugins", points()),
                    "pluginConfig", new Fields.ListOf(new Fields.Group("PluginConfig", Map.of("name", TEXT, "args", new Fields.Raw()))))))),
            Map.entry("extenders", new Fields.ListOf(new Fields.Group("Extender", Map.ofEntries(
                    Map.entry("urlPrefix", TEXT), Map.entry("filterVerb", TEXT), Map.entry("preemptVerb", TEXT), Map.entry("prioritizeVerb", TEXT),
                    Map.entry("weight", INT64), Map.entry("bindVerb", TEXT), Map.entry("enableHTTPS", SWITCH), Map.entry("tlsConfig", TLS),
                    Map.entry("httpTimeout", DURATION), Map.entry("nodeCacheCapable", SWITCH), Map.entry("managedResources", MANAGED), Map.entry("ignorable", SWITCH))))),
            Map.entry("delayCacheUntilActive", SWITCH)));

    /// By the name of the plugin.
    static final Map<String, Fields.Group> ARGS = Map.of(
            "DefaultPreemption", args("DefaultPreemption", Map.of("minCandidateNodesPercentage", INT32, "minCandidateNodesAbsolute", INT32)),
            "DynamicResources", args("DynamicResources", Map.of("filterTimeout", DURATION, "bindingTimeout", DURATION)),
            "InterPodAffinity", args("InterPodAffinity", Map.of("hardPodAffinityWeight", INT32, "ignorePreferredTermsOfExistingPods", SWITCH)),
            "NodeAffinity", args("NodeAffinity", Map.of("addedAffinity", new Fields.Of(NodeAffinity.TYPE))),
            "NodeResourcesBalancedAllocation", args("NodeResourcesBalancedAllocation", Map.of("resources", RESOURCES)),
            "NodeResourcesFit", args("NodeResourcesFit", Map.of("ignoredResources", TEXTS, "ignoredResourceGroups", TEXTS,
                    "scoringStrategy", new Fields.Group("ScoringStrategy", Map.of("type", TEXT, "resources", RESOURCES,
                            "requestedToCapacityRatio", new Fields.Group("RequestedToCapacityRatioParam", Map.of("shape", SHAPE)))))),
            "PodTopologySpread", args("PodTopologySpread", Map.of("defaultConstraints", new Fields.ListOf(new Fields.Of(TopologySpreadConstraint.TYPE)), "defaultingType", TEXT)),
            "VolumeBinding", args("VolumeBinding", Map.of("bindTimeoutSeconds", INT64, "shape", SHAPE)));

    private Schema() {}

    private static Map<String, Fields> points() {
        Map<String, Fields> points = new HashMap<>();
        for (Point point : Point.values()) {
            points.put(point.field(), PLUGIN_SET);
        }
        points.put("multiPoint", PLUGIN_SET);
        return points;
    }

    private static Fields.Group args(String plugin, Map<String, Fields> fields) {
        Map<String, Fields> all = new HashMap<>(fields);
        all.put("apiVersion", TEXT);
        all.put("kind", TEXT);
        return new Fields.Group(plugin + "Args", all);
    }
}
