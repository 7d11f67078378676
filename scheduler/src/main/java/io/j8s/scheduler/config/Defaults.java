package io.j8s.scheduler.config;

import io.j8s.scheduler.framework.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What upstream puts where nothing is said.
final class Defaults {

    /// The plugins of every profile, in order, with the weights of their scores.
    private static final List<Map.Entry<String, Long>> PLUGINS = List.of(
            Map.entry("SchedulingGates", 0L), Map.entry("PrioritySort", 0L), Map.entry("NodeUnschedulable", 0L), Map.entry("NodeName", 0L),
            Map.entry("TaintToleration", 3L), Map.entry("NodeAffinity", 2L), Map.entry("NodePorts", 0L), Map.entry("NodeResourcesFit", 1L),
            Map.entry("VolumeRestrictions", 0L), Map.entry("NodeVolumeLimits", 0L), Map.entry("VolumeBinding", 0L), Map.entry("VolumeZone", 0L),
            Map.entry("PodTopologySpread", 2L), Map.entry("InterPodAffinity", 2L), Map.entry("DynamicResources", 2L), Map.entry("DefaultPreemption", 0L),
            Map.entry("NodeResourcesBalancedAllocation", 1L), Map.entry("ImageLocality", 1L), Map.entry("DefaultBinder", 0L), Map.entry("NodeDeclaredFeatures", 0L));

    private Defaults() {}

    static void apply(Node configuration) {
        configuration.setIfAbsent("parallelism", 16L);
        configuration.setIfAbsent("percentageOfNodesToScore", 0L);
        configuration.setIfAbsent("podInitialBackoffSeconds", 1L);
        configuration.setIfAbsent("podMaxBackoffSeconds", 10L);
        configuration.setIfAbsent("enableProfiling", true);
        if (configuration.on("enableProfiling")) {
            configuration.setIfAbsent("enableContentionProfiling", true);
        } else {
            configuration.setIfAbsent("enableContentionProfiling", false);
        }
        leaderElection(configuration.object("leaderElection"));
        Node connection = configuration.object("clientConnection");
        connection.setIfAbsent("kubeconfig", "");
        connection.setIfAbsent("acceptContentTypes", "");
        connection.setIfEmpty("contentType", "application/vnd.kubernetes.protobuf");
        setIfZero(connection, "qps", 50L);
        setIfZero(connection, "burst", 100L);
        List<Node> profiles = configuration.objects("profiles");
        if (profiles.isEmpty()) {
            profiles.add(Node.empty());
        }
        if (profiles.size() == 1) {
            profiles.getFirst().setIfAbsent("schedulerName", "default-scheduler");
        }
        profiles.forEach(Defaults::profile);
        configuration.setObjects("profiles", profiles);
        List<Node> extenders = configuration.objects("extenders");
        extenders.forEach(extender -> extender.setIfAbsent("httpTimeout", "0s"));
        if (!extenders.isEmpty()) {
            configuration.setObjects("extenders", extenders);
        }
    }

    private static void setIfZero(Node node, String name, long value) {
        if (!(node.fields().get(name) instanceof Number number) || number.doubleValue() == 0) {
            node.set(name, value);
        }
    }

    private static void leaderElection(Node election) {
        election.setIfAbsent("leaderElect", true);
        election.setIfEmpty("resourceLock", "leases");
        election.setIfEmpty("resourceNamespace", "kube-system");
        election.setIfEmpty("resourceName", "kube-scheduler");
        for (Map.Entry<String, String> span : Map.of("leaseDuration", "15s", "renewDeadline", "10s", "retryPeriod", "2s").entrySet()) {
            if (election.text(span.getKey()).isEmpty() || election.text(span.getKey()).equals("0s")) {
                election.set(span.getKey(), span.getValue());
            }
        }
    }

    private static void profile(Node profile) {
        Node plugins = profile.object("plugins");
        merge(plugins.object("multiPoint"), PLUGINS);
        for (Point point : Point.values()) {
            merge(plugins.object(point.field()), List.of());
        }
        List<Node> configs = profile.objects("pluginConfig");
        Set<String> configured = new HashSet<>();
        configs.forEach(config -> {
            configured.add(config.text("name"));
            args(config.text("name"), config.object("args"));
        });
        for (String name : enabledAnywhere(plugins)) {
            if (Schema.ARGS.containsKey(name) && !configured.contains(name)) {
                Node config = Node.empty();
                config.set("name", name);
                args(name, config.object("args"));
                configs.add(config);
            }
        }
        if (!configs.isEmpty()) {
            profile.setObjects("pluginConfig", configs);
        }
    }

    private static Set<String> enabledAnywhere(Node plugins) {
        Set<String> names = new TreeSet<>();
        plugins.fields().keySet().forEach(point -> plugins.object(point).objects("enabled").forEach(plugin -> names.add(plugin.text("name"))));
        return names;
    }

    /// What is enabled by default goes first, without what is disabled; what is named anew replaces it in its place.
    private static void merge(Node set, List<Map.Entry<String, Long>> defaults) {
        Set<String> disabled = new HashSet<>();
        set.objects("disabled").forEach(plugin -> disabled.add(plugin.text("name")));
        List<Node> custom = set.objects("enabled");
        Map<String, Node> byName = new HashMap<>();
        custom.forEach(plugin -> byName.put(plugin.text("name"), plugin));
        List<Node> enabled = new ArrayList<>();
        Set<Node> placed = new HashSet<>();
        for (Map.Entry<String, Long> standard : disabled.contains("*") ? List.<Map.Entry<String, Long>>of() : defaults) {
            Node replaced = byName.get(standard.getKey());
            if (disabled.contains(standard.getKey())) {
                continue;
            }
            if (replaced == null) {
                Node plugin = Node.empty();
                plugin.set("name", standard.getKey());
                plugin.set("weight", standard.getValue());
                enabled.add(plugin);
            } else {
                enabled.add(replaced);
                placed.add(replaced);
            }
        }
        custom.stream().filter(plugin -> !placed.contains(plugin)).forEach(enabled::add);
        enabled.forEach(plugin -> plugin.setIfAbsent("weight", 0L));
        set.objects("disabled").forEach(plugin -> plugin.setIfAbsent("weight", 0L));
        if (!enabled.isEmpty()) {
            set.setObjects("enabled", enabled);
        }
    }

    static void args(String plugin, Node args) {
        if (!Schema.ARGS.containsKey(plugin)) {
            return;
        }
        args.set("apiVersion", Schema.VERSION);
        args.set("kind", plugin + "Args");
        switch (plugin) {
            case "DefaultPreemption" -> {
                args.setIfAbsent("minCandidateNodesPercentage", 10L);
                args.setIfAbsent("minCandidateNodesAbsolute", 100L);
            }
            case "DynamicResources" -> {
                args.setIfAbsent("filterTimeout", "10s");
                args.setIfAbsent("bindingTimeout", "10m0s");
            }
            case "InterPodAffinity" -> {
                args.setIfAbsent("hardPodAffinityWeight", 1L);
                args.setIfAbsent("ignorePreferredTermsOfExistingPods", false);
            }
            case "NodeResourcesBalancedAllocation" -> resources(args);
            case "NodeResourcesFit" -> {
                Node strategy = args.object("scoringStrategy");
                if (strategy.fields().isEmpty()) {
                    strategy.set("type", "LeastAllocated");
                }
                resources(strategy);
            }
            case "PodTopologySpread" -> args.setIfEmpty("defaultingType", "System");
            case "VolumeBinding" -> args.setIfAbsent("bindTimeoutSeconds", 600L);
            default -> {}
        }
    }

    private static void resources(Node of) {
        List<Node> resources = of.objects("resources");
        if (resources.isEmpty()) {
            for (String name : List.of("cpu", "memory")) {
                Node resource = Node.empty();
                resource.set("name", name);
                resources.add(resource);
            }
        }
        resources.forEach(resource -> setIfZero(resource, "weight", 1L));
        of.setObjects("resources", resources);
    }
}
