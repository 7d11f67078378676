package io.j8s.node.pods;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodDNSConfigOption;
import io.j8s.node.cri.v1.DNSConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// A pod's resolver configuration (Kubernetes documentation, "DNS for Services and Pods").
final class Dns {
    private static final int MOST_SERVERS = 3;

    private Dns() {}

    static DNSConfig of(Pod pod, NodeContext node) throws IOException {
        DNSConfig.Builder config = switch (policy(pod, node)) {
            case "None" -> DNSConfig.newBuilder();
            case "ClusterFirst" -> cluster(pod, node);
            default -> host(node);
        };
        var extra = pod.spec().dnsConfig();
        List<String> servers = new ArrayList<>(new LinkedHashSet<>(concat(config.getServersList(), extra.nameservers())));
        List<String> searches = new ArrayList<>(new LinkedHashSet<>(concat(config.getSearchesList(), extra.searches())));
        List<String> options = options(config.getOptionsList(), extra.options());
        return DNSConfig.newBuilder().addAllServers(servers.subList(0, Math.min(MOST_SERVERS, servers.size()))).addAllSearches(searches).addAllOptions(options).build();
    }

    private static String policy(Pod pod, NodeContext node) {
        String policy = pod.spec().dnsPolicy();
        boolean cluster = policy.equals("ClusterFirstWithHostNet") || ((policy.isEmpty() || policy.equals("ClusterFirst")) && !pod.spec().hostNetwork());
        if (policy.equals("None")) {
            return policy;
        }
        return cluster && !node.settings().clusterDns().isEmpty() ? "ClusterFirst" : "Default";
    }

    private static DNSConfig.Builder cluster(Pod pod, NodeContext node) throws IOException {
        String domain = node.settings().clusterDomain();
        DNSConfig.Builder config = DNSConfig.newBuilder().addAllServers(node.settings().clusterDns()).addOptions("ndots:5");
        if (!domain.isEmpty()) {
            config.addSearches(pod.metadata().namespace() + ".svc." + domain).addSearches("svc." + domain).addSearches(domain);
        }
        return config.addAllSearches(host(node).getSearchesList());
    }

    private static DNSConfig.Builder host(NodeContext node) throws IOException {
        DNSConfig.Builder config = DNSConfig.newBuilder();
        List<String> lines = Files.exists(node.settings().resolvConf()) ? Files.readAllLines(node.settings().resolvConf()) : List.of();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> config.addAllServers(values);
                case "search" -> config.clearSearches().addAllSearches(values.stream().filter(s -> !s.equals(".")).toList());
                case "options" -> config.addAllOptions(values);
                default -> {
                    // comments, and what resolvers no longer know
                }
            }
        }
        return config;
    }

    /// The pod's own options replace those of the same name.
    private static List<String> options(List<String> usual, List<PodDNSConfigOption> own) {
        List<String> options = new ArrayList<>();
        for (String option : usual) {
            String name = option.split(":", 2)[0];
            if (own.stream().noneMatch(o -> o.name().equals(name))) {
                options.add(option);
            }
        }
        own.forEach(o -> options.add(o.value().isEmpty() ? o.name() : o.name() + ":" + o.value()));
        return options;
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
