package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.PodDefaults;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.DaemonSetSpec;
import io.j8s.model.apps.v1.DaemonSetUpdateStrategy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// `daemonsets.apps`
final class DaemonSets {

    private static final int KEPT_REVISIONS = 10;
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private DaemonSets() {}

    static Resource<DaemonSet> resource() {
        ResourceBuilder<DaemonSet> sets = Resource.of(DaemonSet.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("ds")
                .categories("all")
                .defaults(DaemonSets::defaults)
                .generationOfSpec()
                .prepareCreate((sent, context) -> withTemplateGeneration(sent, Math.max(1, templateGeneration(sent))))
                .prepareUpdate(DaemonSets::prepareUpdate)
                .createRules(DaemonSetRules::rules)
                .updateRules(DaemonSetRules::update)
                .warnings((set, old) -> WorkloadRules.warnings(set.spec().template(), old == null ? null : old.spec().template()))
                .status((sent, stored, context) -> withTemplateGeneration(Parts.onlyStatus(sent, stored, context), templateGeneration(stored)), DaemonSetRules::status)
                .withoutAnnotationInMetadata(TEMPLATE_GENERATION)
                .table(table -> table
                        .nameColumn()
                        .column("Desired", "integer", "How many nodes should run the pod.", (set, now) -> set.status().desiredNumberScheduled())
                        .column("Current", "integer", "How many nodes run the pod as they should.", (set, now) -> set.status().currentNumberScheduled())
                        .column("Ready", "integer", "On how many nodes the pod is ready.", (set, now) -> set.status().numberReady())
                        .column("Up-to-date", "integer", "On how many nodes the pod is made from the current template.", (set, now) -> set.status().updatedNumberScheduled())
                        .column("Available", "integer", "On how many nodes the pod has been ready for long enough.", (set, now) -> set.status().numberAvailable())
                        .column("Node Selector", "string", "The labels of the nodes that run the pod.", (set, now) -> WorkloadCells.labels(set.spec().template().spec().nodeSelector()))
                        .ageColumn());
        return WorkloadCells.containersAndSelector(sets, set -> set.spec().template().spec(), set -> WorkloadCells.selector(set.spec().selector())).build();
    }

    private static DaemonSet defaults(DaemonSet sent) {
        DaemonSetSpec spec = sent.spec();
        spec = spec.withUpdateStrategy(DaemonSets::strategy);
        spec = spec.hasRevisionHistoryLimit() ? spec : spec.withRevisionHistoryLimit(KEPT_REVISIONS);
        return withTemplateGeneration(sent.withSpec(spec.withTemplate(PodDefaults::template)), templateGeneration(sent));
    }

    private static DaemonSetUpdateStrategy strategy(DaemonSetUpdateStrategy sent) {
        DaemonSetUpdateStrategy strategy = sent.type().isEmpty() ? sent.withType("RollingUpdate") : sent;
        boolean used = strategy.type().equals("RollingUpdate");
        if (!used && !strategy.hasRollingUpdate()) {
            return strategy;
        }
        return strategy.withRollingUpdate(rolling -> {
            var unavailable = rolling.hasMaxUnavailable() ? rolling : rolling.withMaxUnavailable(new IntOrString.Int(used ? 1 : 0));
            return unavailable.hasMaxSurge() ? unavailable : unavailable.withMaxSurge(new IntOrString.Int(0));
        });
    }

    /// How often the template was changed is kept in an annotation, where earlier versions of the API had a field.
    private static DaemonSet prepareUpdate(DaemonSet sent, DaemonSet stored, WriteContext context) {
        long generation = templateGeneration(stored);
        return withTemplateGeneration(sent, sent.spec().template().equals(stored.spec().template()) ? generation : generation + 1);
    }

    private static long templateGeneration(DaemonSet set) {
        String text = set.metadata().annotations().get(TEMPLATE_GENERATION);
        if (text == null) {
            return 0;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Refusal.badRequest("the annotation " + TEMPLATE_GENERATION + " is \"" + text + "\", and must be a number");
        }
        return Long.parseLong(text);
    }

    private static DaemonSet withTemplateGeneration(DaemonSet set, long generation) {
        Map<String, String> annotations = new LinkedHashMap<>(set.metadata().annotations());
        annotations.put(TEMPLATE_GENERATION, Long.toString(generation));
        return set.withMetadata(meta -> meta.withAnnotations(annotations));
    }
}
