package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSIDriverSpec;
import io.j8s.model.storage.v1.TokenRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `csidrivers.storage.k8s.io`
final class CSIDrivers {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> FS_GROUP_POLICIES = Set.of("ReadWriteOnceWithFSType", "File", "None");
    private static final Set<String> LIFECYCLE_MODES = Set.of("Persistent", "Ephemeral");
    private static final long LEAST_TOKEN_SECONDS = 600;
    private static final long MOST_TOKEN_SECONDS = 1L << 32;
    private static final long LEAST_UPDATE_SECONDS = 10;
    private static final String SECRETS_WARNING =
            "spec.serviceAccountTokenInSecrets: with token requests, \"true\" is recommended: tokens then reach the driver as secrets and not in the volume context";

    private CSIDrivers() {}

    static Resource<CSIDriver> resource() {
        return Resource.of(CSIDriver.RESOURCE)
                .updatesOnlyConditionally()
                .metadataNotRevalidated()
                .defaults(driver -> driver.withSpec(defaults(driver.spec())))
                .answersDeletionWithObject()
                .prepareCreate((sent, context) -> sent.withSpec(s -> s.withoutPreventPodSchedulingIfMissing()))
                .prepareUpdate(CSIDrivers::prepareUpdate)
                .rules((driver, errors) -> rules(driver.spec(), errors))
                .updateRules(CSIDrivers::updateRules)
                .warnings(CSIDrivers::warnings)
                .table(table -> table
                        .nameColumn()
                        .column("AttachRequired", "boolean", "attachRequired: volumes must be attached.", (driver, now) -> driver.spec().attachRequired())
                        .column("PodInfoOnMount", "boolean", "podInfoOnMount: the driver is told of the pod.", (driver, now) -> driver.spec().podInfoOnMount())
                        .column("StorageCapacity", "boolean", "storageCapacity: the driver publishes what is left.", (driver, now) -> driver.spec().storageCapacity())
                        .column("TokenRequests", "string", "tokenRequests: the audiences of tokens that the driver gets.", (driver, now) -> audiences(driver.spec()))
                        .column("RequiresRepublish", "boolean", "requiresRepublish: volumes are published again and again.", (driver, now) -> driver.spec().requiresRepublish())
                        .column("Modes", "string", "volumeLifecycleModes: what kinds of volumes there are.",
                                (driver, now) -> driver.spec().volumeLifecycleModes().isEmpty() ? "<none>" : String.join(",", driver.spec().volumeLifecycleModes()))
                        .ageColumn())
                .build();
    }

    private static CSIDriverSpec defaults(CSIDriverSpec sent) {
        CSIDriverSpec spec = sent.hasAttachRequired() ? sent : sent.withAttachRequired(true);
        spec = spec.hasPodInfoOnMount() ? spec : spec.withPodInfoOnMount(false);
        spec = spec.hasStorageCapacity() ? spec : spec.withStorageCapacity(false);
        spec = spec.hasFsGroupPolicy() ? spec : spec.withFsGroupPolicy("ReadWriteOnceWithFSType");
        spec = spec.volumeLifecycleModes().isEmpty() ? spec.withVolumeLifecycleModes(List.of("Persistent")) : spec;
        spec = spec.hasRequiresRepublish() ? spec : spec.withRequiresRepublish(false);
        return spec.hasSeLinuxMount() ? spec : spec.withSeLinuxMount(false);
    }

    private static CSIDriver prepareUpdate(CSIDriver sent, CSIDriver stored, WriteContext context) {
        CSIDriver driver = stored.spec().hasPreventPodSchedulingIfMissing() ? sent : sent.withSpec(s -> s.withoutPreventPodSchedulingIfMissing());
        return driver.spec().equals(stored.spec()) ? driver : driver.withMetadata(m -> m.withGeneration(stored.metadata().generation() + 1));
    }

    private static void rules(CSIDriverSpec spec, FieldErrors errors) {
        if (spec.hasFsGroupPolicy() && !FS_GROUP_POLICIES.contains(spec.fsGroupPolicy())) {
            errors.notSupported(SPEC.child("fsGroupPolicy"), spec.fsGroupPolicy(), FS_GROUP_POLICIES);
        }
        tokens(spec.tokenRequests(), SPEC.child("tokenRequests"), errors);
        for (String mode : spec.volumeLifecycleModes()) {
            if (!LIFECYCLE_MODES.contains(mode)) {
                errors.notSupported(SPEC.child("volumeLifecycleModes"), mode, LIFECYCLE_MODES);
            }
        }
        if (spec.hasNodeAllocatableUpdatePeriodSeconds() && spec.nodeAllocatableUpdatePeriodSeconds() < LEAST_UPDATE_SECONDS) {
            errors.invalid(SPEC.child("nodeAllocatableUpdatePeriodSeconds"), spec.nodeAllocatableUpdatePeriodSeconds(), "must be greater than or equal to 10 seconds");
        }
        if (spec.hasServiceAccountTokenInSecrets() && spec.tokenRequests().isEmpty()) {
            errors.invalid(SPEC.child("serviceAccountTokenInSecrets"), spec.serviceAccountTokenInSecrets(),
                    "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        }
    }

    private static void tokens(List<TokenRequest> requests, FieldPath path, FieldErrors errors) {
        Set<String> audiences = new HashSet<>();
        for (int i = 0; i < requests.size(); i++) {
            TokenRequest request = requests.get(i);
            FieldPath seconds = path.index(i).child("expirationSeconds");
            if (!audiences.add(request.audience())) {
                errors.duplicate(path.index(i).child("audience"), request.audience());
            } else if (request.hasExpirationSeconds() && request.expirationSeconds() < LEAST_TOKEN_SECONDS) {
                errors.invalid(seconds, request.expirationSeconds(), "may not specify a duration less than 10 minutes");
            } else if (request.expirationSeconds() > MOST_TOKEN_SECONDS) {
                errors.invalid(seconds, request.expirationSeconds(), "may not specify a duration larger than 2^32 seconds");
            }
        }
    }

    private static void updateRules(CSIDriver driver, CSIDriver old, FieldErrors errors) {
        errors.immutable(SPEC.child("attachedRequired"), driver.spec().attachRequired(), old.spec().attachRequired());
        errors.immutable(SPEC.child("volumeLifecycleModes"), driver.spec().volumeLifecycleModes(), old.spec().volumeLifecycleModes());
    }

    private static List<String> warnings(CSIDriver driver, @Nullable CSIDriver old) {
        List<TokenRequest> requests = driver.spec().tokenRequests();
        boolean changed = old == null || !old.spec().tokenRequests().equals(requests);
        return changed && !requests.isEmpty() && !driver.spec().hasServiceAccountTokenInSecrets() ? List.of(SECRETS_WARNING) : List.of();
    }

    private static String audiences(CSIDriverSpec spec) {
        return spec.hasTokenRequests() ? spec.tokenRequests().stream().map(TokenRequest::audience).collect(Collectors.joining(",")) : "<unset>";
    }
}
