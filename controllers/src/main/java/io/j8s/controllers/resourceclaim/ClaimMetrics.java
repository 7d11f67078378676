package io.j8s.controllers.resourceclaim;

import io.j8s.client.informer.Lister;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.runtime.metrics.MetricRegistry;

/// How many claims there are, by what upstream counts them.
final class ClaimMetrics {
    private ClaimMetrics() {}

    static void register(MetricRegistry registry, Lister<ResourceClaim> claims) {
        var gauge = registry.gauge("resourceclaim_controller_resource_claims", "[ALPHA] Number of ResourceClaims, categorized by allocation status, admin access, and source", "allocated", "admin_access", "source");
        for (String source : new String[] {"", "resource_claim_template", "extended_resource"}) {
            for (boolean allocated : new boolean[] {false, true}) {
                for (boolean admin : new boolean[] {false, true}) {
                    gauge.of(() -> claims.list().stream().filter(c -> c.status().hasAllocation() == allocated && admin(c) == admin && source(c).equals(source)).count(),
                            Boolean.toString(allocated), Boolean.toString(admin), source);
                }
            }
        }
    }

    static boolean admin(ResourceClaim claim) {
        return claim.spec().devices().requests().stream().anyMatch(r -> r.exactly().adminAccess());
    }

    private static String source(ResourceClaim claim) {
        if ("true".equals(claim.metadata().annotations().get("resource.kubernetes.io/extended-resource-claim"))) {
            return "extended_resource";
        }
        return claim.metadata().annotations().getOrDefault(ClaimMaking.ENTRY, "").isEmpty() ? "" : "resource_claim_template";
    }
}
