package io.j8s.apiserver.resources.discovery;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.AddressWarnings;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `endpointslices.discovery.k8s.io`
final class EndpointSlices {

    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final Set<String> OWN_CONTROLLERS = Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");
    private static final int MOST_SHOWN = 3;

    private EndpointSlices() {}

    static Resource<EndpointSlice> resource() {
        return Resource.of(EndpointSlice.RESOURCE)
                .defaults(EndpointSlices::defaults)
                .metadataUpdateNotRevalidated()
                .generation(EndpointSlices::changed)
                .prepareCreate((sent, context) -> withoutTopology(sent))
                .prepareUpdate(EndpointSlices::prepareUpdate)
                .createRules((slice, errors) -> EndpointSliceRules.check(slice, null, errors))
                .updateRules(EndpointSliceRules::checkUpdate)
                .warnings(EndpointSlices::warnings)
                .table(table -> table
                        .nameColumn()
                        .column("AddressType", "string", "addressType is the kind of the addresses of this slice.", (slice, now) -> slice.addressType())
                        .column("Ports", "string", "ports are those of every endpoint of this slice.", (slice, now) -> shown(slice.ports().stream().map(EndpointSlices::port)))
                        .column("Endpoints", "string", "endpoints are those of this slice.",
                                (slice, now) -> shown(slice.endpoints().stream().flatMap(endpoint -> endpoint.addresses().stream())))
                        .ageColumn())
                .build();
    }

    private static EndpointSlice defaults(EndpointSlice slice) {
        return slice.hasPorts() ? slice.withPorts(Elements.map(slice.ports(), EndpointSlices::withDefaults)) : slice;
    }

    private static EndpointPort withDefaults(EndpointPort port) {
        EndpointPort named = port.hasName() ? port : port.withName("");
        return named.hasProtocol() ? named : named.withProtocol("TCP");
    }

    private static boolean changed(EndpointSlice slice, EndpointSlice old) {
        return !slice.addressType().equals(old.addressType())
                || !slice.endpoints().equals(old.endpoints())
                || !slice.ports().equals(old.ports())
                || !slice.metadata().labels().equals(old.metadata().labels());
    }

    private static EndpointSlice prepareUpdate(EndpointSlice sent, EndpointSlice stored, WriteContext context) {
        return sent.endpoints().equals(stored.endpoints()) ? sent : withoutTopology(sent);
    }

    /// The field is of an older version; this version's clients read it, and cannot write it.
    private static EndpointSlice withoutTopology(EndpointSlice slice) {
        List<Endpoint> endpoints = slice.endpoints();
        List<Endpoint> bare = Elements.map(endpoints, endpoint -> endpoint.hasDeprecatedTopology() ? endpoint.withoutDeprecatedTopology() : endpoint);
        return bare == endpoints ? slice : slice.withEndpoints(bare);
    }

    private static List<String> warnings(EndpointSlice slice, @Nullable EndpointSlice old) {
        List<String> warnings = new ArrayList<>(0);
        if (old == null && slice.addressType().equals("FQDN")) {
            warnings.add("spec.addressType: FQDN endpoints are deprecated");
        }
        if (OWN_CONTROLLERS.contains(slice.metadata().labels().getOrDefault(MANAGED_BY, ""))) {
            return warnings;
        }
        for (int i = 0; i < slice.endpoints().size(); i++) {
            List<String> addresses = slice.endpoints().get(i).addresses();
            for (int j = 0; j < addresses.size(); j++) {
                AddressWarnings.address(addresses.get(j), FieldPath.of("endpoints").index(i).child("addresses").index(j), warnings);
            }
        }
        return warnings;
    }

    private static String port(EndpointPort port) {
        return port.hasPort() ? Integer.toString(port.port()) : port.hasName() ? port.name() : "*";
    }

    private static String shown(Stream<String> values) {
        List<String> all = values.toList();
        if (all.isEmpty()) {
            return "<unset>";
        }
        String first = all.stream().limit(MOST_SHOWN).collect(Collectors.joining(","));
        return all.size() > MOST_SHOWN ? first + " + " + (all.size() - MOST_SHOWN) + " more..." : first;
    }
}
