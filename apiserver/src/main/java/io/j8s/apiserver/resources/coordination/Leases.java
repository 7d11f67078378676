package io.j8s.apiserver.resources.coordination;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.coordination.v1.LeaseSpec;
import java.util.Set;

/// `leases.coordination.k8s.io`
///
/// Coordinated leader election is not offered, so its fields `strategy` and `preferredHolder` are dropped.
final class Leases {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private Leases() {}

    static Resource<Lease> resource() {
        return Resource.of(Lease.RESOURCE)
                .createsOnUpdate()
                .updatesOnlyConditionally()
                .metadataNotRevalidated()
                .anyFinalizers()
                .prepareCreate((sent, context) -> sent.hasSpec() ? sent.withSpec(s -> s.withoutStrategy().withoutPreferredHolder()) : sent)
                .prepareUpdate(Leases::prepareUpdate)
                .rules(Leases::rules)
                .table(table -> table
                        .nameColumn()
                        .column("Holder", "string", "HolderIdentity contains the identity of the holder of a current lease.", (lease, now) -> lease.spec().holderIdentity())
                        .ageColumn())
                .build();
    }

    private static Lease prepareUpdate(Lease sent, Lease stored, WriteContext context) {
        LeaseSpec spec = sent.spec();
        if (spec.hasStrategy() && !stored.spec().hasStrategy()) {
            spec = spec.withoutStrategy();
        }
        if (spec.hasPreferredHolder() && !stored.spec().hasPreferredHolder()) {
            spec = spec.withoutPreferredHolder();
        }
        return spec.equals(sent.spec()) ? sent : sent.withSpec(spec);
    }

    private static void rules(Lease lease, FieldErrors errors) {
        LeaseSpec spec = lease.spec();
        if (spec.hasLeaseDurationSeconds() && spec.leaseDurationSeconds() <= 0) {
            errors.invalid(SPEC.child("leaseDurationSeconds"), spec.leaseDurationSeconds(), "must be greater than 0");
        }
        if (spec.hasLeaseTransitions() && spec.leaseTransitions() < 0) {
            errors.invalid(SPEC.child("leaseTransitions"), spec.leaseTransitions(), "must be greater than or equal to 0");
        }
        if (spec.hasStrategy() && !spec.strategy().equals("OldestEmulationVersion")) {
            errors.notSupported(SPEC.child("strategy"), spec.strategy(), Set.of("OldestEmulationVersion"));
        }
        if (!spec.preferredHolder().isEmpty() && spec.strategy().isEmpty()) {
            errors.forbidden(SPEC.child("preferredHolder"), "may only be specified if `strategy` is defined");
        }
    }
}
