package io.j8s.scheduler;

import io.j8s.model.Json;
import io.j8s.model.PlainJson;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.scheduler.config.ExtenderConfiguration;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One extender: a process that is asked in JSON over HTTP (kube-scheduler's extender API, v1). Blocks; any thread.
final class Extender implements BindPlugin {

    private final ExtenderConfiguration configuration;
    private final ExtenderHttp http;

    /// What it says of nodes: those that are left, and why others are not.
    record Filtered(Set<String> nodes, Map<String, String> failed, Map<String, String> unresolvable) {}

    /// Pods by uid that would have to go from a node.
    record Victims(List<String> uids, int budgetsBroken) {}

    Extender(ExtenderConfiguration configuration, ExtenderHttp http) {
        this.configuration = configuration;
        this.http = http;
    }

    ExtenderConfiguration configuration() {
        return configuration;
    }

    @Override
    public String name() {
        return configuration.urlPrefix();
    }

    boolean filters() {
        return !configuration.filterVerb().isEmpty();
    }

    boolean scores() {
        return !configuration.prioritizeVerb().isEmpty();
    }

    boolean preempts() {
        return !configuration.preemptVerb().isEmpty();
    }

    boolean binds() {
        return !configuration.bindVerb().isEmpty();
    }

    /// Whether it wants to be asked about a pod: one that asks for a resource that it manages, or any when it manages none.
    boolean concerns(PodInfo pod) {
        return configuration.managed().isEmpty() || configuration.managed().stream().anyMatch(resource -> asks(pod.pod(), resource));
    }

    private static boolean asks(Pod pod, String resource) {
        return pod.spec().containers().stream().anyMatch(one -> one.resources().requests().containsKey(resource) || one.resources().limits().containsKey(resource))
                || pod.spec().initContainers().stream().anyMatch(one -> one.resources().requests().containsKey(resource) || one.resources().limits().containsKey(resource));
    }

    private Map<String, Object> args(PodInfo pod, List<NodeInfo> nodes) {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("pod", PlainJson.of(pod.pod()));
        if (configuration.nodeNames()) {
            args.put("nodenames", nodes.stream().map(NodeInfo::name).toList());
        } else {
            Map<String, Object> list = new TreeMap<>();
            list.put("metadata", Map.of());
            list.put("items", nodes.stream().map(node -> (Object) PlainJson.of(node.node())).toList());
            args.put("nodes", list);
        }
        return args;
    }

    Filtered filter(PodInfo pod, List<NodeInfo> nodes) {
        Map<?, ?> answer = map(ask(configuration.filterVerb(), args(pod, nodes)));
        String error = text(answer, "error");
        if (!error.isEmpty()) {
            throw new ExtenderException(error);
        }
        Set<String> left = new HashSet<>();
        if (configuration.nodeNames() && field(answer, "nodenames") instanceof List<?> names) {
            names.forEach(name -> left.add(String.valueOf(name)));
        } else if (field(answer, "nodes") instanceof Map<?, ?> list && field(list, "items") instanceof List<?> items) {
            items.forEach(item -> left.add(((Node) PlainJson.struct(Node.TYPE, strings(map(item)))).metadata().name()));
        }
        return new Filtered(left, texts(field(answer, "failedNodes")), texts(field(answer, "failedAndUnresolvableNodes")));
    }

    Map<String, Long> scores(PodInfo pod, List<NodeInfo> nodes) {
        Map<String, Long> scores = new HashMap<>();
        if (ask(configuration.prioritizeVerb(), args(pod, nodes)) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map && field(map, "score") instanceof Number score) {
                    scores.put(text(map, "host"), score.longValue());
                }
            }
        }
        return scores;
    }

    Map<String, Victims> preempt(PodInfo pod, List<Preemption.Choice> choices) {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("pod", PlainJson.of(pod.pod()));
        Map<String, Object> byNode = new TreeMap<>();
        for (Preemption.Choice choice : choices) {
            List<Object> pods = new ArrayList<>();
            choice.victims().forEach(victim -> pods.add(configuration.nodeNames() ? Map.of("uid", victim.uid()) : PlainJson.of(victim.pod())));
            byNode.put(choice.node().name(), Map.of("pods", pods, "numPDBViolations", (long) choice.budgetsBroken()));
        }
        args.put(configuration.nodeNames() ? "nodeNameToMetaVictims" : "nodeNameToVictims", byNode);
        Map<String, Victims> victims = new TreeMap<>();
        if (field(map(ask(configuration.preemptVerb(), args)), "nodeNameToMetaVictims") instanceof Map<?, ?> answer) {
            answer.forEach((node, value) -> victims.put(String.valueOf(node), victims(map(value))));
        }
        return victims;
    }

    private static Victims victims(Map<?, ?> value) {
        List<String> uids = new ArrayList<>();
        if (field(value, "pods") instanceof List<?> pods) {
            pods.forEach(pod -> uids.add(text(map(pod), "uid")));
        }
        return new Victims(uids, field(value, "numPDBViolations") instanceof Number number ? number.intValue() : 0);
    }

    @Override
    public boolean bind(PodInfo pod, NodeInfo node) {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("podName", pod.name());
        args.put("podNamespace", pod.namespace());
        args.put("podUID", pod.uid());
        args.put("node", node.name());
        try {
            String error = text(map(ask(configuration.bindVerb(), args)), "error");
            if (!error.isEmpty()) {
                throw new ExtenderException(error);
            }
            return true;
        } catch (ExtenderException e) {
            if (configuration.ignorable()) {
                return false;
            }
            throw e;
        }
    }

    private Object ask(String verb, Map<String, Object> args) {
        String prefix = configuration.urlPrefix();
        String url = (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + "/" + verb;
        byte[] answer = http.post(url, Json.writePlain(args));
        try {
            return Json.readPlain(answer);
        } catch (RuntimeException e) {
            throw new ExtenderException("extender at " + url + " answered what is no JSON: " + e.getMessage());
        }
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        Map<String, Object> strings = new TreeMap<>();
        map.forEach((key, value) -> strings.put(String.valueOf(key), value));
        return strings;
    }

    /// A field whatever the case of its name: extenders in Go without tags answer `NodeNames`.
    private static Object field(Map<?, ?> map, String name) {
        Object exact = map.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() != null && String.valueOf(entry.getKey()).equalsIgnoreCase(name)) {
                return entry.getValue();
            }
        }
        return "";
    }

    private static String text(Map<?, ?> map, String name) {
        return field(map, name) instanceof String text ? text : "";
    }

    private static Map<String, String> texts(Object value) {
        Map<String, String> texts = new HashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
        }
        return texts;
    }
}
