package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.AddressWarnings;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.networking.v1.ParentReference;
import java.util.List;
import java.util.Locale;

/// `ipaddresses.networking.k8s.io`: an address is an object's name, in the shortest way to write it.
final class IPAddresses {

    private static final FieldPath PARENT = FieldPath.of("spec").child("parentRef");
    private static final NameRule ADDRESS = IPAddresses::problems;

    private IPAddresses() {}

    static Resource<IPAddress> resource() {
        return Resource.of(IPAddress.RESOURCE)
                .shortNames("ip")
                .names(ADDRESS)
                .generatesNoNames()
                .rules(IPAddresses::rules)
                .updateRules((address, old, errors) -> errors.immutable(PARENT, address.spec().parentRef(), old.spec().parentRef()))
                .table(table -> table
                        .nameColumn()
                        .column("ParentRef", "string", "The object that has the address.", (address, now) -> parent(address.spec().parentRef(), address.spec().hasParentRef()))
                        .column(new Column<>("", "string", "", "", 0, (address, now) -> Cells.age(address.metadata().creationTimestamp(), now)))) // upstream's has no head
                .build();
    }

    private static List<String> problems(String name) {
        byte[] bytes = IpRules.parse(name);
        if (bytes == null) {
            return List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        return AddressWarnings.canonical(bytes).equals(name) ? List.of() : List.of("must be in canonical form (\"" + AddressWarnings.canonical(bytes) + "\")");
    }

    private static void rules(IPAddress address, FieldErrors errors) {
        if (!address.spec().hasParentRef()) {
            errors.required(PARENT);
            return;
        }
        ParentReference parent = address.spec().parentRef();
        if (!parent.group().isEmpty()) {
            Names.dnsSubdomain(parent.group()).forEach(problem -> errors.invalid(PARENT.child("group"), parent.group(), problem));
        }
        IngressRules.segment(parent.resource(), PARENT.child("resource"), errors);
        IngressRules.segment(parent.name(), PARENT.child("name"), errors);
        Names.pathSegment(parent.namespace()).forEach(problem -> errors.invalid(PARENT.child("namespace"), parent.namespace(), problem));
    }

    private static String parent(ParentReference parent, boolean there) {
        if (!there) {
            return "<none>";
        }
        String resource = parent.group().isEmpty() ? parent.resource() : parent.resource() + "." + parent.group();
        String namespace = parent.namespace().isEmpty() ? "" : "/" + parent.namespace();
        return resource.toLowerCase(Locale.ROOT) + namespace + "/" + parent.name();
    }
}
