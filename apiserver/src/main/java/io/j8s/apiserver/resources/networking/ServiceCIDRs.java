package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.AddressWarnings;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.resources.core.ServiceRanges;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.networking.v1.ServiceCIDR;
import java.util.ArrayList;
import java.util.List;

/// `servicecidrs.networking.k8s.io`
final class ServiceCIDRs {

    private static final FieldPath RANGES = FieldPath.of("spec").child("cidrs");
    private static final int MOST_RANGES = 2;

    private ServiceCIDRs() {}

    /// @param services the range that the server has from its first start
    static Resource<ServiceCIDR> resource(ServiceRanges services) {
        return Resource.of(ServiceCIDR.RESOURCE)
                .seeded(ranges -> ranges.withSpec(spec -> spec.withCidrs(services.addresses())))
                .metadataNotRevalidated()
                .createRules((ranges, errors) -> check(ranges.spec().cidrs(), errors))
                .updateRules((ranges, old, errors) -> checkChange(ranges.spec().cidrs(), old.spec().cidrs(), errors))
                .status(Parts::onlyStatusWithoutMetadata, (ranges, old, errors) -> {})
                .resets("status", "metadata")
                .table(table -> table
                        .nameColumn()
                        .column("CIDRs", "string", "The ranges of addresses for services.", (ranges, now) -> String.join(",", ranges.spec().cidrs()))
                        .ageColumn())
                .build();
    }

    private static void check(List<String> ranges, FieldErrors errors) {
        if (ranges.isEmpty()) {
            errors.required(RANGES, "at least one CIDR required");
            return;
        }
        if (ranges.size() > MOST_RANGES) {
            errors.invalid(RANGES, ranges, "may only hold up to 2 values");
            return;
        }
        for (int i = 0; i < ranges.size(); i++) {
            checkRange(ranges.get(i), RANGES.index(i), errors);
        }
        boolean both = ranges.size() == MOST_RANGES && ranges.stream().allMatch(IpRules::isCidr);
        if (both && IpRules.isV6(ranges.get(0)) == IpRules.isV6(ranges.get(1))) {
            errors.invalid(RANGES, ranges, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    /// Newer fields take a range only in the one right way to write it.
    private static void checkRange(String range, FieldPath path, FieldErrors errors) {
        int before = errors.size();
        IpRules.checkCidr(range, path, errors);
        if (errors.size() == before) {
            List<String> warnings = new ArrayList<>(0);
            AddressWarnings.range(range, path, warnings);
            warnings.forEach(warning -> errors.invalid(path, range, "must be in canonical form"));
        }
    }

    /// A range of the other family may be added; nothing else may change.
    private static void checkChange(List<String> ranges, List<String> old, FieldErrors errors) {
        boolean added = old.size() == 1 && ranges.size() == MOST_RANGES;
        if (ranges.size() != old.size() && !added) {
            errors.invalid(RANGES, ranges, "field is immutable");
            return;
        }
        for (int i = 0; i < old.size(); i++) {
            errors.immutable(RANGES.index(i), ranges.get(i), old.get(i));
        }
        if (added) {
            check(ranges, errors);
        }
    }
}
