package io.j8s.node.environment;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Values of the downward API (Kubernetes documentation, "Downward API").
///
/// @param podAddresses empty while they are not known
/// @param allocatable the node's, which stand for limits that are not set
public record PodFields(Pod pod, String nodeName, List<String> hostAddresses, List<String> podAddresses, Map<String, Quantity> allocatable) {

    /// The value of a field such as `metadata.labels['app']`.
    public String field(String path) throws ConfigurationException {
        var metadata = pod.metadata();
        int bracket = path.indexOf("['");
        if (bracket > 0 && path.endsWith("']")) {
            String key = path.substring(bracket + 2, path.length() - 2);
            return switch (path.substring(0, bracket)) {
                case "metadata.labels" -> metadata.labels().getOrDefault(key, "");
                case "metadata.annotations" -> metadata.annotations().getOrDefault(key, "");
                default -> throw unknown(path);
            };
        }
        return switch (path) {
            case "metadata.name" -> metadata.name();
            case "metadata.namespace" -> metadata.namespace();
            case "metadata.uid" -> metadata.uid();
            case "metadata.labels" -> lines(metadata.labels());
            case "metadata.annotations" -> lines(metadata.annotations());
            case "spec.nodeName" -> pod.spec().nodeName().isEmpty() ? nodeName : pod.spec().nodeName();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName();
            case "status.hostIP" -> hostAddresses.isEmpty() ? "" : hostAddresses.getFirst();
            case "status.hostIPs" -> String.join(",", hostAddresses);
            case "status.podIP" -> podAddresses.isEmpty() ? "" : podAddresses.getFirst();
            case "status.podIPs" -> String.join(",", podAddresses);
            default -> throw unknown(path);
        };
    }

    /// The value of a resource field such as `limits.memory`, in units of the divisor, rounded up.
    public String resource(ResourceFieldSelector selector, String ownContainer) throws ConfigurationException {
        String name = selector.containerName().isEmpty() ? ownContainer : selector.containerName();
        Container container = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
                .filter(c -> c.name().equals(name)).findFirst()
                .orElseThrow(() -> new ConfigurationException("resourceFieldRef.containerName: there is no container \"" + name + "\" in the pod"));
        String resource = selector.resource();
        int dot = resource.indexOf('.');
        String kind = dot < 0 ? "" : resource.substring(dot + 1);
        Quantity value = resource.startsWith("limits.")
                ? container.resources().limits().getOrDefault(kind, allocatable.getOrDefault(kind, Quantity.ZERO))
                : container.resources().requests().getOrDefault(kind, Quantity.ZERO);
        Quantity divisor = selector.divisor();
        BigDecimal unit = divisor == null || divisor.isZero() ? BigDecimal.ONE : divisor.amount();
        return value.amount().divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }

    private static ConfigurationException unknown(String path) {
        return new ConfigurationException("fieldPath \"" + path + "\" is not a field of the downward API; see the documentation of fieldRef");
    }

    private static String lines(Map<String, String> entries) {
        return new TreeMap<>(entries).entrySet().stream().map(e -> e.getKey() + "=" + quoted(e.getValue())).collect(Collectors.joining("\n"));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"';
    }
}
