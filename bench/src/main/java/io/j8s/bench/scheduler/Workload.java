package io.j8s.bench.scheduler;

import io.j8s.model.Yaml;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One of upstream's scheduler benchmarks (test/integration/scheduler_perf): how many objects of what shape.
///
/// @param zones nodes get these zones in turn; empty: none
/// @param spreadNamespaces the first pods come into `sched-0`, the measured ones into `sched-1`; otherwise all into `sched-0`
/// @param churn what is made beside the measured pods, every so often; null: nothing
record Workload(
        String name, int nodes, List<String> zones, int firstPods, String firstPod, int measuredPods, String measuredPod, boolean spreadNamespaces, @Nullable Churn churn) {

    /// @param recreate one of each is made and removed again, in turn; otherwise one more is made each time
    record Churn(List<String> templates, int milliseconds, boolean recreate) {}

    private static final List<String> MOONS = List.of("moon-1", "moon-2", "moon-3");
    private static final String CONTAINER = """
              containers:
              - image: registry.k8s.io/pause:3.10.2
                name: pause
                ports:
                - containerPort: 80
            """;
    private static final String SMALL = resources("100m", true);
    private static final Map<String, String> PODS = Map.ofEntries(
            Map.entry("default", pod("pod-", "", "", SMALL)),
            Map.entry("anti-affinity", pod("anti-affinity-pod-", "green", podTerm("podAntiAffinity", "green", "kubernetes.io/hostname"), SMALL)),
            Map.entry("affinity", pod("affinity-pod-", "blue", podTerm("podAffinity", "blue", "topology.kubernetes.io/zone"), SMALL)),
            Map.entry("preferred-affinity", pod("preferred-affinity-pod-", "red", preferredTerm("podAffinity", "red"), SMALL)),
            Map.entry("preferred-anti-affinity", pod("preferred-anti-affinity-pod-", "yellow", preferredTerm("podAntiAffinity", "yellow"), SMALL)),
            Map.entry("spreading", pod("spreading-pod-", "blue", spreading("DoNotSchedule"), SMALL)),
            Map.entry("preferred-spreading", pod("spreading-pod-", "blue", spreading("ScheduleAnyway"), SMALL)),
            Map.entry("node-affinity", pod("node-affinity-", "", """
                      affinity:
                        nodeAffinity:
                          requiredDuringSchedulingIgnoredDuringExecution:
                            nodeSelectorTerms:
                            - matchExpressions:
                              - {key: topology.kubernetes.io/zone, operator: In, values: [zone1, zone2]}
                    """, SMALL)),
            Map.entry("low-priority", pod("pod-", "", "  terminationGracePeriodSeconds: 0\n", resources("900m", true))),
            Map.entry("high-priority", pod("pod-high-priority-", "", "  priority: 10\n", resources("3000m", true))),
            Map.entry("high-priority-large-cpu", pod("pod-h-", "", "  priority: 10\n", resources("9", false))));

    static final List<Workload> ALL = List.of(
            plain("SchedulingBasic", 5000, List.of(), 1000, "default", 10_000, "default"),
            apart("SchedulingPodAntiAffinity", 5000, List.of(), 1000, 2000, "anti-affinity"),
            apart("SchedulingPodAffinity", 5000, List.of("zone1"), 5000, 5000, "affinity"),
            apart("SchedulingPreferredPodAffinity", 5000, List.of(), 5000, 5000, "preferred-affinity"),
            apart("SchedulingPreferredPodAntiAffinity", 5000, List.of(), 5000, 5000, "preferred-anti-affinity"),
            plain("TopologySpreading", 5000, MOONS, 5000, "default", 5000, "spreading"),
            plain("PreferredTopologySpreading", 5000, MOONS, 5000, "default", 5000, "preferred-spreading"),
            plain("SchedulingNodeAffinity", 5000, List.of("zone1"), 5000, "node-affinity", 10_000, "node-affinity"),
            plain("Unschedulable", 5000, List.of(), 100, "default", 10_000, "default").with(new Churn(List.of("high-priority-large-cpu"), 200, false)),
            plain("PreemptionBasic", 1000, List.of(), 4000, "low-priority", 1000, "high-priority"),
            plain("PreemptionAsync", 5000, List.of(), 20_000, "low-priority", 5000, "default").with(new Churn(List.of("high-priority"), 200, false)),
            plain("SchedulingWithMixedChurn", 5000, List.of(), 0, "default", 10_000, "default")
                    .with(new Churn(List.of("node", "high-priority-large-cpu", "service"), 1000, true)));

    static Workload named(String name) {
        return ALL.stream().filter(one -> one.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload " + name + ", but " + ALL.stream().map(Workload::name).toList()));
    }

    private static Workload plain(String name, int nodes, List<String> zones, int first, String firstPod, int measured, String measuredPod) {
        return new Workload(name, nodes, zones, first, firstPod, measured, measuredPod, false, null);
    }

    private static Workload apart(String name, int nodes, List<String> zones, int first, int measured, String pod) {
        return new Workload(name, nodes, zones, first, pod, measured, pod, true, null);
    }

    private Workload with(Churn other) {
        return new Workload(name, nodes, zones, firstPods, firstPod, measuredPods, measuredPod, spreadNamespaces, other);
    }

    /// The same with fewer objects: each count divided by this.
    Workload smaller(int divisor) {
        return new Workload(name, nodes / divisor, zones, firstPods / divisor, firstPod, measuredPods / divisor, measuredPod, spreadNamespaces, churn);
    }

    static Pod pod(String template) {
        String text = PODS.get(template);
        if (text == null) {
            throw new IllegalArgumentException("there is no template " + template);
        }
        return (Pod) Yaml.read(Pod.TYPE, text);
    }

    static Service service() {
        return (Service) Yaml.read(Service.TYPE, "metadata: {generateName: service-churn-}\nspec: {selector: {app: foo}, ports: [{protocol: TCP, port: 8080, targetPort: 8080}]}\n");
    }

    Node node(int number) {
        Map<String, String> labels = new TreeMap<>();
        if (!zones.isEmpty()) {
            labels.put("topology.kubernetes.io/zone", zones.get(number % zones.size()));
        }
        return node("scheduler-perf-", "110", labels);
    }

    /// A node that takes no pods.
    static Node churningNode() {
        return node("node-churn-", "0", Map.of());
    }

    private static Node node(String name, String pods, Map<String, String> labels) {
        Node node = (Node) Yaml.read(Node.TYPE, "metadata: {generateName: " + name + "}\nstatus:\n  capacity: {pods: \"" + pods + "\", cpu: \"4\", memory: 32Gi}\n"
                + "  conditions: [{status: \"True\", type: Ready}]\n  phase: Running\n");
        return labels.isEmpty() ? node : node.withMetadata(meta -> meta.withLabels(labels));
    }

    private static String resources(String cpu, boolean limits) {
        String amounts = "{cpu: " + cpu + ", memory: 500Mi}";
        return "    resources: {" + (limits ? "limits: " + amounts + ", " : "") + "requests: " + amounts + "}\n";
    }

    private static String pod(String name, String color, String spec, String resources) {
        return "metadata:\n  generateName: " + name + "\n" + (color.isEmpty() ? "" : "  labels: {color: " + color + "}\n") + "spec:\n" + spec + CONTAINER + resources;
    }

    private static String podTerm(String kind, String color, String key) {
        return "  affinity:\n    " + kind + ":\n      requiredDuringSchedulingIgnoredDuringExecution:\n      - labelSelector: {matchLabels: {color: " + color + "}}\n"
                + "        topologyKey: " + key + "\n        namespaces: [sched-1, sched-0]\n";
    }

    private static String preferredTerm(String kind, String color) {
        return "  affinity:\n    " + kind + ":\n      preferredDuringSchedulingIgnoredDuringExecution:\n      - weight: 1\n        podAffinityTerm:\n"
                + "          labelSelector: {matchLabels: {color: " + color + "}}\n          topologyKey: kubernetes.io/hostname\n          namespaces: [sched-1, sched-0]\n";
    }

    private static String spreading(String unsatisfiable) {
        return "  topologySpreadConstraints:\n  - maxSkew: 5\n    topologyKey: topology.kubernetes.io/zone\n    whenUnsatisfiable: " + unsatisfiable
                + "\n    labelSelector: {matchLabels: {color: blue}}\n";
    }

}
