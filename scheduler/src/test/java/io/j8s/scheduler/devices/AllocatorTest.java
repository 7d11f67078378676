package io.j8s.scheduler.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.core.v1.Node;
import io.j8s.model.resource.v1.AllocationResult;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Expressions here are the values that a device's attribute `kind` must have.
class AllocatorTest {

    private final List<ResourceSlice> slices = new ArrayList<>();
    private final List<ResourceClaim> others = new ArrayList<>();
    private final DeviceClass gpu = (DeviceClass) read(DeviceClass.TYPE, "metadata: {name: gpu}\nspec: {config: [{opaque: {driver: d, parameters: {a: 1}}}]}");
    private final NodeInfo node;

    AllocatorTest() {
        ClusterState cluster = new ClusterState();
        cluster.put((Node) read(Node.TYPE, "metadata: {name: node, labels: {zone: a}}"));
        node = Objects.requireNonNull(cluster.node("node"));
    }

    @Test
    void the_first_free_device_that_matches_is_taken() {
        slice("nodeName: node", "{name: a, attributes: {kind: {string: small}}}, {name: b, attributes: {kind: {string: big}}}, {name: c, attributes: {kind: {string: big}}}");
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: big}}]}}"))).containsExactly("r=b");
        others.add(held("b"));
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: big}}]}}"))).containsExactly("r=c");
        others.add(held("c"));
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: big}}]}}"))).isNull();
    }

    @Test
    void what_leads_nowhere_is_taken_back() {
        slice("nodeName: node", "{name: a, attributes: {kind: {string: big}, d/row: {int: 1}}}, {name: b, attributes: {kind: {string: big}, d/row: {int: 2}}}, "
                + "{name: c, attributes: {kind: {string: small}, d/row: {int: 2}}}");
        ResourceClaim claim = claim("{name: x, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: big}}]}}, {name: z, exactly: {deviceClassName: gpu, selectors: [{cel: {expression: small}}]}}",
                "constraints: [{matchAttribute: d/row}]");
        assertThat(devices(claim)).containsExactly("x=b", "z=c");
    }

    @Test
    void of_alternatives_the_first_that_works_is_taken() {
        slice("nodeName: node", "{name: a, attributes: {kind: {string: small}}}, {name: b, attributes: {kind: {string: small}}}");
        assertThat(devices(claim("{name: r, firstAvailable: [{name: one, deviceClassName: gpu, selectors: [{cel: {expression: big}}]}, {name: two, deviceClassName: gpu, count: 2}]}")))
                .containsExactly("r/two=a", "r/two=b");
    }

    @Test
    void all_devices_means_each_of_them_or_none() {
        slice("nodeName: node", "{name: a}, {name: b}");
        ResourceClaim all = claim("{name: r, exactly: {deviceClassName: gpu, allocationMode: All}}");
        assertThat(devices(all)).containsExactly("r=a", "r=b");
        others.add(held("b"));
        assertThat(allocate(all)).isNull();
    }

    @Test
    void administrators_see_devices_that_others_hold() {
        slice("nodeName: node", "{name: a}");
        others.add(held("a"));
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, adminAccess: true}}"))).containsExactly("r=a");
    }

    @Test
    void tainted_devices_are_for_those_who_tolerate_it() {
        slice("nodeName: node", "{name: a, taints: [{key: broken, effect: NoSchedule}]}");
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu}}"))).isNull();
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, tolerations: [{key: broken, operator: Exists}]}}"))).containsExactly("r=a");
    }

    @Test
    void parts_of_one_device_share_its_counters() {
        slices.add((ResourceSlice) read(ResourceSlice.TYPE, "metadata: {name: counters}\nspec: {driver: d, nodeName: node, pool: {name: p, generation: 1, resourceSliceCount: 2}, sharedCounters: [{name: s, counters: {mem: {value: 40Gi}}}]}"));
        slices.add((ResourceSlice) read(ResourceSlice.TYPE, "metadata: {name: devices}\nspec: {driver: d, nodeName: node, pool: {name: p, generation: 1, resourceSliceCount: 2}, devices: ["
                + part("half-1", 20) + ", " + part("half-2", 20) + ", " + part("whole", 40) + "]}"));
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, count: 2}}"))).containsExactly("r=half-1", "r=half-2");
        others.add(held("half-2"));
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu}}"))).containsExactly("r=half-1");
        others.add(held("half-1"));
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu}}"))).isNull();
    }

    @Test
    void a_device_is_shared_as_far_as_its_capacity_goes() {
        slice("nodeName: node", "{name: nic, allowMultipleAllocations: true, capacity: {bw: {value: 10, requestPolicy: {default: 1, validRange: {min: 1, step: 2, max: 9}}}}}");
        AllocationResult result = Objects.requireNonNull(allocate(claim("{name: r, exactly: {deviceClassName: gpu, capacity: {requests: {bw: 4}}}}"))).getFirst();
        assertThat(result.devices().results().getFirst().consumedCapacity().toString()).contains("bw=5");
        assertThat(result.devices().results().getFirst().shareID()).isNotEmpty();
        others.add(claim("{name: r, exactly: {deviceClassName: gpu}}").withStatus(status -> status.withAllocation(result)));
        assertThat(devices(claim("{name: r, exactly: {deviceClassName: gpu, capacity: {requests: {bw: 5}}}}"))).containsExactly("r=nic");
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu, capacity: {requests: {bw: 6}}}}"))).isNull();
    }

    @Test
    void devices_of_other_nodes_are_out_of_reach_and_those_of_the_network_bind_to_where_they_are() {
        slice("nodeName: elsewhere", "{name: a}");
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu}}"))).isNull();
        slices.clear();
        slice("nodeSelector: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]}", "{name: a}");
        AllocationResult result = Objects.requireNonNull(allocate(claim("{name: r, exactly: {deviceClassName: gpu}}"))).getFirst();
        assertThat(result.nodeSelector().nodeSelectorTerms().getFirst().matchExpressions().getFirst().key()).isEqualTo("zone");
        assertThat(result.devices().config()).singleElement().satisfies(config -> assertThat(config.source()).isEqualTo("FromClass"));
    }

    @Test
    void a_pool_that_is_being_published_gives_nothing() {
        slices.add((ResourceSlice) read(ResourceSlice.TYPE, "metadata: {name: s}\nspec: {driver: d, nodeName: node, pool: {name: p, generation: 1, resourceSliceCount: 2}, devices: [{name: a}]}"));
        assertThat(allocate(claim("{name: r, exactly: {deviceClassName: gpu}}"))).isNull();
        assertThatThrownBy(() -> allocate(claim("{name: r, exactly: {deviceClassName: gpu, allocationMode: All}}"))).hasMessageContaining("is currently being updated");
    }

    private static String part(String name, int memory) {
        return "{name: " + name + ", consumesCounters: [{counterSet: s, counters: {mem: {value: " + memory + "Gi}}}]}";
    }

    private void slice(String where, String devices) {
        slices.add((ResourceSlice) read(ResourceSlice.TYPE, "metadata: {name: s}\nspec: {driver: d, " + where + ", pool: {name: p, generation: 1, resourceSliceCount: 1}, devices: [" + devices + "]}"));
    }

    private static ResourceClaim claim(String requests, String... more) {
        return (ResourceClaim) read(ResourceClaim.TYPE, "metadata: {name: c, namespace: default}\nspec: {devices: {requests: [" + requests + "]" + (more.length == 0 ? "" : ", " + more[0]) + "}}");
    }

    private static ResourceClaim held(String device) {
        return (ResourceClaim) read(ResourceClaim.TYPE, "metadata: {name: other}\nstatus: {allocation: {devices: {results: [{request: r, driver: d, pool: p, device: " + device + "}]}}}");
    }

    private static Struct read(Type type, String yaml) {
        return Yaml.read(type, yaml);
    }

    private @Nullable List<AllocationResult> allocate(ResourceClaim claim) {
        int[] ids = new int[1];
        return new Allocator(node, List.of(claim), Taken.by(others), slices, Map.of("gpu", gpu)::get,
                text -> (driver, device) -> {
                    var kind = device.attributes().get("kind");
                    return kind != null && kind.string().equals(text);
                }, () -> "share-" + ids[0]++, () -> false).allocate();
    }

    private List<String> devices(ResourceClaim claim) {
        return Objects.requireNonNull(allocate(claim)).getFirst().devices().results().stream().map(one -> one.request() + "=" + one.device()).toList();
    }
}
