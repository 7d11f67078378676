package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.NodeSpec;
import io.j8s.model.core.v1.NodeStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `nodes`
final class Nodes {

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE = "kubernetes.io/role";

    private Nodes() {}

    static Resource<Node> resource() {
        return Resource.of(Node.RESOURCE)
                .storedAt("minions")
                .shortNames("no")
                .defaults(Nodes::defaults)
                .createsWithStatus()
                .createRules(NodeRules::create)
                .updateRules(NodeRules::update)
                .prepareCreate((sent, context) -> sent.withSpec(NodeSpec::withoutConfigSource).withStatus(NodeStatus::withoutConfig))
                .prepareUpdate((sent, stored, context) -> stored.spec().hasConfigSource() ? sent : sent.withSpec(NodeSpec::withoutConfigSource))
                .warnings((node, old) -> NodeRules.warnings(node))
                .status(Nodes::status, NodeRules::changes)
                .selectable("spec.unschedulable", node -> Boolean.toString(node.spec().unschedulable()))
                .table(table -> table
                        .nameColumn()
                        .column("Status", "string", "Whether the node is ready, and whether it takes pods.", (node, now) -> state(node))
                        .column("Roles", "string", "What the node is for.", (node, now) -> roles(node))
                        .ageColumn()
                        .column("Version", "string", "The version of its kubelet.", (node, now) -> node.status().nodeInfo().kubeletVersion())
                        .wideColumn("Internal-IP", "string", "Its address within the cluster.", (node, now) -> address(node, "InternalIP"))
                        .wideColumn("External-IP", "string", "Its address from outside.", (node, now) -> address(node, "ExternalIP"))
                        .wideColumn("OS-Image", "string", "Its operating system.", (node, now) -> orUnknown(node.status().nodeInfo().osImage()))
                        .wideColumn("Kernel-Version", "string", "Its kernel.", (node, now) -> kernel(node))
                        .wideColumn("Container-Runtime", "string", "What runs its containers.", (node, now) -> orUnknown(node.status().nodeInfo().containerRuntimeVersion())))
                .build();
    }

    private static Node defaults(Node sent) {
        Node node = sent;
        NodeSpec spec = node.spec();
        if (!spec.podCIDR().isEmpty() && (spec.podCIDRs().isEmpty() || !spec.podCIDRs().getFirst().equals(spec.podCIDR()))) {
            node = node.withSpec(spec.withPodCIDRs(List.of(spec.podCIDR())));
        } else if (!spec.podCIDRs().isEmpty() && !spec.podCIDR().equals(spec.podCIDRs().getFirst())) {
            node = node.withSpec(spec.withPodCIDR(spec.podCIDRs().getFirst()));
        }
        Map<String, Quantity> capacity = ResourceAmounts.rounded(node.status().capacity());
        if (node.status().hasCapacity()) {
            node = node.withStatus(status -> status.withCapacity(capacity));
        }
        if (!node.status().hasAllocatable() && node.status().hasCapacity()) {
            return node.withStatus(status -> status.withAllocatable(capacity));
        }
        return node.status().hasAllocatable() ? node.withStatus(status -> status.withAllocatable(ResourceAmounts.rounded(status.allocatable()))) : node;
    }

    private static Node status(Node sent, Node stored, WriteContext context) {
        return sent.withSpec(stored.spec()).withStatus(status -> stored.status().hasConfig() ? status : status.withoutConfig());
    }

    private static String state(Node node) {
        List<String> state = new ArrayList<>();
        for (NodeCondition condition : node.status().conditions()) {
            if (condition.type().equals("Ready")) {
                state.clear();
                state.add(condition.status().equals("True") ? "Ready" : "NotReady");
            }
        }
        if (state.isEmpty()) {
            state.add("Unknown");
        }
        if (node.spec().unschedulable()) {
            state.add("SchedulingDisabled");
        }
        return String.join(",", state);
    }

    private static String roles(Node node) {
        Set<String> roles = new TreeSet<>();
        node.metadata().labels().forEach((key, value) -> {
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals(ROLE) && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return roles.isEmpty() ? "<none>" : String.join(",", new LinkedHashSet<>(roles));
    }

    private static String address(Node node, String type) {
        return node.status().addresses().stream().filter(address -> address.type().equals(type)).map(io.j8s.model.core.v1.NodeAddress::address).findFirst().orElse("<none>");
    }

    private static String kernel(Node node) {
        String architecture = node.status().nodeInfo().architecture();
        String kernel = orUnknown(node.status().nodeInfo().kernelVersion());
        return architecture.isEmpty() ? kernel : kernel + " (" + architecture + ")";
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "<unknown>" : text;
    }
}
