package io.j8s.scheduler;

import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Nodes, pods, volumes and devices by chance, from few values, so that they have to do with each other.
final class RandomObjects {

    static final List<String> NAMESPACES = List.of("default", "other");
    static final String DRIVER = "disk.example.com";
    private static final List<String> KEYS = List.of("zone", "kubernetes.io/hostname", "topology.kubernetes.io/zone");

    private final RandomGenerator random;

    RandomObjects(RandomGenerator random) {
        this.random = random;
    }

    /// Chances are one in so many.
    boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String app() {
        return "a" + random.nextInt(3);
    }

    static <T extends Struct> T read(Class<T> as, Type type, String yaml) {
        return as.cast(Yaml.read(type, yaml));
    }

    Node node(String name) {
        StringBuilder labels = new StringBuilder("kubernetes.io/hostname: " + name);
        labels.append(once(5) ? "" : ", zone: z" + random.nextInt(3));
        labels.append(once(5) ? "" : ", topology.kubernetes.io/zone: z" + random.nextInt(3));
        labels.append(once(2) ? ", disk: ssd" : "").append(", size: \"" + random.nextInt(5) + "\"");
        List<String> taints = new ArrayList<>();
        if (once(4)) {
            taints.add("{key: gpu, value: v" + random.nextInt(2) + ", effect: " + any(List.of("NoSchedule", "NoExecute", "PreferNoSchedule")) + "}");
        }
        return read(Node.class, Node.TYPE, "metadata: {name: " + name + ", labels: {" + labels + "}}\nspec: {unschedulable: " + once(8) + ", taints: [" + String.join(", ", taints) + "]}\n"
                + "status: {allocatable: {cpu: " + (500 + random.nextInt(1500)) + "m, memory: " + (1 + random.nextInt(4)) + "Gi, pods: \"" + (2 + random.nextInt(6)) + "\""
                + (once(2) ? ", example.com/gpu: \"" + random.nextInt(3) + "\"" : "") + "}}\n");
    }

    /// @param further lines of the specification
    Pod pod(String name, String schedulerName, String... further) {
        StringBuilder spec = new StringBuilder("  schedulerName: " + schedulerName + "\n  priority: " + random.nextInt(4) * 10 + "\n");
        String cpu = random.nextInt(5) * 150 + "m";
        String container = "{name: c, image: i, resources: {requests: {cpu: " + cpu + ", memory: " + random.nextInt(3) * 500 + "Mi" + (once(6) ? ", example.com/gpu: \"1\"" : "") + "}}" + ports() + "}";
        spec.append("  containers: [" + container + "]\n");
        spec.append(once(8) ? "  initContainers: [{name: i, image: i, resources: {requests: {cpu: 700m}}}]\n" : "");
        spec.append(once(3) ? "  tolerations: [" + toleration() + "]\n" : "");
        spec.append(once(8) ? "  nodeSelector: {disk: ssd}\n" : "");
        String affinity = affinity();
        spec.append(affinity.isEmpty() ? "" : "  affinity:\n" + affinity);
        spec.append(once(4) ? spreading() : "");
        for (String line : further) {
            spec.append(line);
        }
        return read(Pod.class, Pod.TYPE, "metadata: {name: " + name + ", namespace: " + any(NAMESPACES) + ", uid: uid-" + name + ", labels: {app: " + app() + ", hash: h" + random.nextInt(2) + "}}\nspec:\n" + spec);
    }

    private String ports() {
        String address = once(3) ? ", hostIP: 10.0.0." + random.nextInt(2) : once(3) ? ", hostIP: 0.0.0.0" : "";
        return once(6) ? ", ports: [{containerPort: 80, hostPort: " + (80 + random.nextInt(2)) + ", protocol: " + any(List.of("TCP", "UDP")) + address + "}]" : "";
    }

    private String toleration() {
        return any(List.of("{key: gpu, operator: Exists}", "{key: gpu, operator: Equal, value: v0, effect: NoSchedule}", "{key: gpu, value: v1}",
                "{operator: Exists}", "{key: node.kubernetes.io/unschedulable, operator: Exists, effect: NoSchedule}"));
    }

    private String affinity() {
        StringBuilder text = new StringBuilder();
        if (once(6)) {
            text.append("    nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [").append(any(List.of(
                    "{matchExpressions: [{key: size, operator: Gt, values: [\"1\"]}]}", "{matchExpressions: [{key: zone, operator: NotIn, values: [z0]}, {key: disk, operator: Exists}]}",
                    "{matchFields: [{key: metadata.name, operator: In, values: [n1]}]}, {matchExpressions: [{key: zone, operator: In, values: [z1, z2]}]}",
                    "{matchExpressions: [{key: zone, operator: DoesNotExist}]}", "{}"))).append("]}}\n");
        }
        if (once(5)) {
            text.append("    podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [").append(term()).append(once(4) ? ", " + term() : "").append("]}\n");
        }
        if (once(5)) {
            text.append("    podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [").append(term()).append(once(4) ? ", " + term() : "").append("]}\n");
        }
        return text.toString();
    }

    private String labelSelector() {
        return switch (random.nextInt(4)) {
            case 0 -> "{matchExpressions: [{key: app, operator: NotIn, values: [" + app() + "]}]}";
            case 1 -> "{matchExpressions: [{key: app, operator: In, values: [" + app() + ", " + app() + "]}]}";
            default -> "{matchLabels: {app: " + app() + "}}";
        };
    }

    private String term() {
        String namespaces = switch (random.nextInt(5)) {
            case 0 -> ", namespaces: [" + any(NAMESPACES) + "]";
            case 1 -> ", namespaceSelector: {matchLabels: {team: t" + random.nextInt(2) + "}}";
            case 2 -> ", namespaceSelector: {}";
            default -> "";
        };
        return "{topologyKey: " + any(KEYS) + ", labelSelector: " + labelSelector() + namespaces + "}";
    }

    private String spreading() {
        StringBuilder text = new StringBuilder("  topologySpreadConstraints:\n");
        for (int i = 0; i <= (once(4) ? 1 : 0); i++) {
            text.append("  - {topologyKey: ").append(KEYS.get(random.nextInt(2) + i)).append(", maxSkew: ").append(1 + random.nextInt(2)).append(", whenUnsatisfiable: ").append(once(5) ? "ScheduleAnyway" : "DoNotSchedule")
                    .append(", labelSelector: ").append(labelSelector()).append(once(3) ? ", minDomains: " + (1 + random.nextInt(4)) : "").append(once(3) ? ", matchLabelKeys: [hash]" : "")
                    .append(once(3) ? ", nodeAffinityPolicy: " + any(List.of("Honor", "Ignore")) : "").append(once(3) ? ", nodeTaintsPolicy: " + any(List.of("Honor", "Ignore")) : "").append("}\n");
        }
        return text.toString();
    }

    Map<String, String> namespaceLabels() {
        return once(3) ? Map.of() : Map.of("team", "t" + random.nextInt(2));
    }

    // ---- storage

    static List<StorageClass> storageClasses() {
        return List.of(
                read(StorageClass.class, StorageClass.TYPE, "metadata: {name: made}\nprovisioner: " + DRIVER + "\nvolumeBindingMode: WaitForFirstConsumer\n"),
                read(StorageClass.class, StorageClass.TYPE, "metadata: {name: made-in-z0}\nprovisioner: " + DRIVER + "\nvolumeBindingMode: WaitForFirstConsumer\n"
                        + "allowedTopologies: [{matchLabelExpressions: [{key: zone, values: [z0]}]}]\n"),
                read(StorageClass.class, StorageClass.TYPE, "metadata: {name: local}\nprovisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\n"),
                read(StorageClass.class, StorageClass.TYPE, "metadata: {name: soon}\nprovisioner: " + DRIVER + "\nvolumeBindingMode: Immediate\n"));
    }

    PersistentVolume volume(String name, String storageClass) {
        String place = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> ", nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [n" + random.nextInt(6) + "]}]}]}}";
            default -> ", nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [z" + random.nextInt(3) + "]}]}]}}";
        };
        String zones = once(5) ? ", labels: {topology.kubernetes.io/zone: z" + random.nextInt(3) + "__z" + random.nextInt(3) + "}" : "";
        return read(PersistentVolume.class, PersistentVolume.TYPE, "metadata: {name: " + name + ", uid: uid-" + name + zones + "}\nspec: {capacity: {storage: " + (1 + random.nextInt(4)) + "Gi}, accessModes: [ReadWriteOnce, ReadWriteOncePod], storageClassName: "
                + storageClass + ", csi: {driver: " + DRIVER + ", volumeHandle: " + name + "}" + place + "}\nstatus: {phase: Available}\n");
    }

    PersistentVolumeClaim claim(String name, String namespace) {
        return read(PersistentVolumeClaim.class, PersistentVolumeClaim.TYPE, "metadata: {name: " + name + ", namespace: " + namespace + ", uid: uid-" + namespace + "-" + name + "}\nspec: {storageClassName: "
                + any(List.of("made", "made-in-z0", "local", "local", "soon")) + ", accessModes: [" + any(List.of("ReadWriteOnce", "ReadWriteOnce", "ReadWriteOncePod")) + "], resources: {requests: {storage: "
                + (1 + random.nextInt(3)) + "Gi}}}\nstatus: {phase: Pending}\n");
    }

    CSINode csiNode(String name) {
        return read(CSINode.class, CSINode.TYPE, "metadata: {name: " + name + "}\nspec: {drivers: [{name: " + DRIVER + ", nodeID: " + name + ", allocatable: {count: " + (1 + random.nextInt(3)) + "}}]}\n");
    }

    /// Volumes of a pod: one or two of the claims of these names.
    String volumes() {
        int first = random.nextInt(4);
        return "  volumes: [{name: v, persistentVolumeClaim: {claimName: c" + first + "}}" + (once(3) ? ", {name: w, persistentVolumeClaim: {claimName: c" + (first + 1) % 4 + "}}" : "") + "]\n";
    }

    // ---- devices

    static List<DeviceClass> deviceClasses() {
        return List.of(
                read(DeviceClass.class, DeviceClass.TYPE, "metadata: {name: any}\nspec: {}\n"),
                read(DeviceClass.class, DeviceClass.TYPE, "metadata: {name: big}\nspec: {extendedResourceName: example.com/gpu, selectors: [{cel: {expression: big}}]}\n"));
    }

    ResourceSlice slice(String node) {
        StringBuilder devices = new StringBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            devices.append(i == 0 ? "" : ", ").append("{name: d" + i + ", attributes: {kind: {string: " + any(List.of("big", "small")) + "}, d.example.com/row: {int: " + random.nextInt(2) + "}}}");
        }
        return read(ResourceSlice.class, ResourceSlice.TYPE, "metadata: {name: slice-" + node + "}\nspec: {driver: d.example.com, nodeName: " + node + ", pool: {name: " + node
                + ", generation: 1, resourceSliceCount: 1}, devices: [" + devices + "]}\n");
    }

    ResourceClaim deviceClaim(String name, String namespace) {
        String selector = once(2) ? ", selectors: [{cel: {expression: " + any(List.of("big", "small")) + "}}]" : "";
        String second = once(3) ? ", {name: s, exactly: {deviceClassName: big, allocationMode: ExactCount, count: 1}}" : "";
        return read(ResourceClaim.class, ResourceClaim.TYPE, "metadata: {name: " + name + ", namespace: " + namespace + ", uid: uid-" + namespace + "-" + name + "}\nspec: {devices: {requests: [{name: r, exactly: {deviceClassName: "
                + any(List.of("any", "big", "any", "missing")) + ", allocationMode: ExactCount, count: " + (1 + random.nextInt(2)) + selector + "}}" + second + "]"
                + (once(3) ? ", constraints: [{matchAttribute: d.example.com/row}]" : "") + "}}\n");
    }

    /// Claims of a pod: one or two of the device claims of these names.
    String deviceClaims() {
        int first = random.nextInt(4);
        return "  resourceClaims: [{name: x, resourceClaimName: dc" + first + "}" + (once(4) ? ", {name: z, resourceClaimName: dc" + (first + 1) % 4 + "}" : "") + "]\n";
    }
}
