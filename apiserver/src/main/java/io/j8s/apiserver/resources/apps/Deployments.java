package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.autoscaling.Scales;
import io.j8s.apiserver.resources.core.PodDefaults;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.apps.v1.DeploymentStrategy;

/// `deployments.apps`
final class Deployments {

    private static final int KEPT_REVISIONS = 10;
    private static final int PROGRESS_SECONDS = 600;
    private static final IntOrString QUARTER = new IntOrString.Text("25%");

    private Deployments() {}

    static Resource<Deployment> resource() {
        ResourceBuilder<Deployment> deployments = Resource.of(Deployment.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("deploy")
                .categories("all")
                .defaults(Deployments::defaults)
                .generation((deployment, old) -> !deployment.spec().equals(old.spec()) || !deployment.metadata().annotations().equals(old.metadata().annotations()))
                .rules(DeploymentRules::rules)
                .updateRules(DeploymentRules::update)
                .warnings((deployment, old) -> WorkloadRules.warnings(deployment.metadata().name(), deployment.spec().template(), old == null ? null : old.spec().template()))
                .resets("status", "metadata.labels")
                .status(Deployments::status, DeploymentRules::status)
                .subresource(Scales.of(
                        deployment -> deployment.spec().replicas(),
                        (deployment, replicas) -> deployment.withSpec(spec -> spec.withReplicas(replicas)),
                        deployment -> deployment.status().replicas(),
                        deployment -> WorkloadCells.selectorText(deployment.spec().selector())))
                .table(table -> table
                        .nameColumn()
                        .column("Ready", "string", "How many pods are ready, and how many there should be.", (d, now) -> d.status().readyReplicas() + "/" + d.spec().replicas())
                        .column("Up-to-date", "string", "How many pods are made from the current template.", (d, now) -> d.status().updatedReplicas())
                        .column("Available", "string", "How many pods have been ready for long enough.", (d, now) -> d.status().availableReplicas())
                        .ageColumn());
        return WorkloadCells.containersAndSelector(deployments, d -> d.spec().template().spec(), d -> WorkloadCells.selectorText(d.spec().selector())).build();
    }

    private static Deployment defaults(Deployment sent) {
        DeploymentSpec spec = sent.spec();
        spec = spec.hasReplicas() ? spec : spec.withReplicas(1);
        spec = spec.withStrategy(Deployments::strategy);
        spec = spec.hasRevisionHistoryLimit() ? spec : spec.withRevisionHistoryLimit(KEPT_REVISIONS);
        spec = spec.hasProgressDeadlineSeconds() ? spec : spec.withProgressDeadlineSeconds(PROGRESS_SECONDS);
        spec = spec.withTemplate(PodDefaults::template);
        return sent.withSpec(spec);
    }

    private static DeploymentStrategy strategy(DeploymentStrategy sent) {
        DeploymentStrategy strategy = sent.type().isEmpty() ? sent.withType("RollingUpdate") : sent;
        if (!strategy.type().equals("RollingUpdate")) {
            return strategy;
        }
        return strategy.withRollingUpdate(rolling -> {
            var surge = rolling.hasMaxSurge() ? rolling : rolling.withMaxSurge(QUARTER);
            return surge.hasMaxUnavailable() ? surge : surge.withMaxUnavailable(QUARTER);
        });
    }

    private static Deployment status(Deployment sent, Deployment stored, WriteContext context) {
        return stored.withStatus(sent.status()).withMetadata(sent.metadata().withLabels(stored.metadata().labels()));
    }
}
