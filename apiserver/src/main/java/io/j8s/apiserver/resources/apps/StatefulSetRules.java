package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.ClaimRules;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.resources.core.TemplateRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apps.v1.RollingUpdateStatefulSetStrategy;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.apps.v1.StatefulSetSpec;
import io.j8s.model.apps.v1.StatefulSetStatus;
import io.j8s.model.apps.v1.StatefulSetUpdateStrategy;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeClaimVolumeSource;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules for stateful sets.
final class StatefulSetRules {

    private static final FieldPath SPEC = WorkloadRules.SPEC;
    private static final List<String> RETENTIONS = List.of("Retain", "Delete");

    private StatefulSetRules() {}

    static void create(StatefulSet set, FieldErrors errors) {
        rules(set.spec(), true, true, errors);
    }

    /// @param whole whether to look at what cannot change as well
    private static void rules(StatefulSetSpec spec, boolean whole, boolean withTemplate, FieldErrors errors) {
        if (!spec.podManagementPolicy().equals("OrderedReady") && !spec.podManagementPolicy().equals("Parallel")) {
            errors.invalid(SPEC.child("podManagementPolicy"), spec.podManagementPolicy(), "must be 'OrderedReady' or 'Parallel'");
        }
        strategy(spec.updateStrategy(), SPEC.child("updateStrategy"), errors);
        retention(spec.persistentVolumeClaimRetentionPolicy().whenDeleted(), "whenDeleted", errors);
        retention(spec.persistentVolumeClaimRetentionPolicy().whenScaled(), "whenScaled", errors);
        for (int i = 0; whole && i < spec.volumeClaimTemplates().size(); i++) {
            ClaimRules.spec(spec.volumeClaimTemplates().get(i).spec(), SPEC.child("volumeClaimTemplates").index(i).child("spec"), errors);
        }
        NumberRules.notNegative(spec.replicas(), SPEC.child("replicas"), errors);
        NumberRules.notNegative(spec.minReadySeconds(), SPEC.child("minReadySeconds"), errors);
        NumberRules.notNegative(spec.ordinals().start(), SPEC.child("ordinals.start"), errors);
        if (whole && !spec.serviceName().isEmpty()) {
            Names.dnsLabel(spec.serviceName()).forEach(problem -> errors.invalid(SPEC.child("serviceName"), spec.serviceName(), problem));
        }
        WorkloadRules.requiredSelector(spec.hasSelector(), spec.selector(), "empty selector is invalid for statefulset", errors);
        template(spec, withTemplate, errors);
        TemplateRules.longRunning(spec.template(), SPEC.child("template"), "StatefulSet", errors);
    }

    private static void template(StatefulSetSpec spec, boolean withTemplate, FieldErrors errors) {
        Selector selector = spec.hasSelector() ? SelectorRules.read(spec.selector()) : Selector.nothing();
        if (selector == null) {
            errors.invalid(SPEC.child("selector"), spec.selector(), "");
            return;
        }
        FieldPath path = SPEC.child("template");
        WorkloadRules.matching(spec.hasSelector(), spec.selector(), selector, spec.template(), path, errors);
        if (withTemplate) {
            TemplateRules.template(asPod(spec), path, errors);
        }
        SelectorRules.labels(spec.template().metadata().labels(), path.child("labels"), errors);
        TemplateRules.annotations(spec.template().metadata().annotations(), path.child("annotations"), errors);
    }

    /// The template as its pods will be: names come from the set, volumes from its claims.
    private static PodTemplateSpec asPod(StatefulSetSpec spec) {
        return spec.template().withSpec(pod -> pod.withoutSubdomain().withoutHostname().withVolumes(volumes(spec, pod.volumes())));
    }

    private static List<Volume> volumes(StatefulSetSpec spec, List<Volume> ofTemplate) {
        if (spec.volumeClaimTemplates().isEmpty()) {
            return ofTemplate;
        }
        Map<String, Volume> claims = new LinkedHashMap<>();
        for (PersistentVolumeClaim claim : spec.volumeClaimTemplates()) {
            String name = claim.metadata().name();
            claims.put(name, Volume.EMPTY.withName(name).withPersistentVolumeClaim(PersistentVolumeClaimVolumeSource.EMPTY.withClaimName(name)));
        }
        List<Volume> volumes = new ArrayList<>(claims.values());
        ofTemplate.stream().filter(volume -> !claims.containsKey(volume.name())).forEach(volumes::add);
        return volumes;
    }

    private static void retention(String policy, String field, FieldErrors errors) {
        if (!RETENTIONS.contains(policy)) {
            errors.notSupported(SPEC.child("persistentVolumeClaimRetentionPolicy").child(field), policy, RETENTIONS);
        }
    }

    private static void strategy(StatefulSetUpdateStrategy strategy, FieldPath path, FieldErrors errors) {
        switch (strategy.type()) {
            case "OnDelete" -> {
                if (strategy.hasRollingUpdate()) {
                    errors.invalid(path.child("rollingUpdate"), strategy.rollingUpdate(), "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                if (strategy.hasRollingUpdate()) {
                    rollingUpdate(strategy.rollingUpdate(), path.child("rollingUpdate"), errors);
                }
            }
            default -> errors.invalid(path, strategy.type(), "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    private static void rollingUpdate(RollingUpdateStatefulSetStrategy rolling, FieldPath path, FieldErrors errors) {
        FieldPath unavailable = path.child("maxUnavailable");
        NumberRules.notNegative(rolling.partition(), path.child("partition"), errors);
        if (rolling.hasMaxUnavailable()) {
            NumberRules.countOrPercent(rolling.maxUnavailable(), unavailable, errors);
            if (NumberRules.amount(rolling.maxUnavailable()) == 0) {
                errors.invalid(unavailable, rolling.maxUnavailable(), "cannot be 0");
            }
            NumberRules.atMostAll(rolling.maxUnavailable(), unavailable, errors);
        }
    }

    static void update(StatefulSet set, StatefulSet old, FieldErrors errors) {
        StatefulSetSpec before = old.spec();
        FieldErrors earlier = new FieldErrors();
        rules(before, false, true, earlier);
        rules(set.spec(), false, earlier.isEmpty(), errors);
        StatefulSetSpec rest = set.spec()
                .withReplicas(before.replicas())
                .withTemplate(before.template())
                .withUpdateStrategy(before.updateStrategy())
                .withMinReadySeconds(before.minReadySeconds())
                .withRevisionHistoryLimit(before.revisionHistoryLimit())
                .withPersistentVolumeClaimRetentionPolicy(before.persistentVolumeClaimRetentionPolicy());
        rest = before.hasOrdinals() ? rest.withOrdinals(before.ordinals()) : rest.withoutOrdinals();
        if (!rest.equals(before)) {
            errors.forbidden(
                    SPEC,
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                            + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }

    static void status(StatefulSet set, StatefulSet old, FieldErrors errors) {
        StatefulSetStatus status = set.status();
        WorkloadRules.notNegative(status.replicas(), "replicas", errors);
        WorkloadRules.notNegative(status.readyReplicas(), "readyReplicas", errors);
        WorkloadRules.notNegative(status.currentReplicas(), "currentReplicas", errors);
        WorkloadRules.notNegative(status.updatedReplicas(), "updatedReplicas", errors);
        WorkloadRules.notNegative(status.availableReplicas(), "availableReplicas", errors);
        WorkloadRules.notNegative(status.observedGeneration(), "observedGeneration", errors);
        WorkloadRules.notNegative(status.collisionCount(), "collisionCount", errors);
        WorkloadRules.atMost(status.readyReplicas(), status.replicas(), "readyReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.currentReplicas(), status.replicas(), "currentReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.updatedReplicas(), status.replicas(), "updatedReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.replicas(), "availableReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.readyReplicas(), "availableReplicas", "status.readyReplicas", errors);
        if (old.status().hasCollisionCount()) {
            WorkloadRules.notDecremented(status.hasCollisionCount(), status.collisionCount(), old.status().collisionCount(), errors);
        }
    }

    static List<String> warnings(StatefulSet set, @Nullable StatefulSet old) {
        List<String> warnings = new ArrayList<>(WorkloadRules.warnings(set.spec().template(), old == null ? null : old.spec().template()));
        for (int i = 0; i < set.spec().volumeClaimTemplates().size(); i++) {
            warnings.addAll(ClaimRules.warnings(set.spec().volumeClaimTemplates().get(i).spec(), SPEC.child("volumeClaimTemplates").index(i)));
        }
        if (set.spec().hasRevisionHistoryLimit() && set.spec().revisionHistoryLimit() < 0) {
            warnings.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
        }
        return warnings;
    }
}
