package io.j8s.controllers.clusterroles;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.rbac.v1.AggregationRule;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.PolicyRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterRoleAggregationControllerTest {

    @Test
    void aRoleHasTheRulesOfThoseItSelectsEachOnce() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new ClusterRoleAggregationController(context, 5));
            Map<String, String> label = Map.of("to", "admin");
            AggregationRule rule = AggregationRule.EMPTY.withClusterRoleSelectors(List.of(LabelSelector.EMPTY.withMatchLabels(label)));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("admin")).withAggregationRule(rule));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("b").withLabels(label)).withRules(List.of(rule("pods"), rule("secrets"))));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("a").withLabels(label)).withRules(List.of(rule("secrets"))));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("other")).withRules(List.of(rule("nodes"))));
            simulation.settle();
            assertThat(simulation.api.get(ClusterRole.RESOURCE, "", "admin").rules()).containsExactly(rule("secrets"), rule("pods"));
            simulation.assertQuiet();
        }
    }

    @Test
    void whatSelectedRolesGainAndLoseIsFollowedAndRulesOfItsOwnDoNotStay() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new ClusterRoleAggregationController(context, 5));
            Map<String, String> first = Map.of("to", "first");
            AggregationRule rule = AggregationRule.EMPTY.withClusterRoleSelectors(
                    List.of(LabelSelector.EMPTY.withMatchLabels(Map.of("to", "second")), LabelSelector.EMPTY.withMatchLabels(first)));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("all").withLabels(first)).withAggregationRule(rule).withRules(List.of(rule("nodes"))));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("a").withLabels(first)).withRules(List.of(rule("pods"))));
            simulation.api.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(named("b").withLabels(Map.of("to", "second"))).withRules(List.of(rule("secrets"))));
            simulation.settle();
            assertThat(simulation.api.get(ClusterRole.RESOURCE, "", "all").rules()).as("in the selectors' order").containsExactly(rule("secrets"), rule("pods"));
            simulation.api.update(ClusterRole.RESOURCE, "", simulation.api.get(ClusterRole.RESOURCE, "", "a").withRules(List.of(rule("services"))));
            simulation.api.delete(ClusterRole.RESOURCE, "", "b", DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(simulation.api.get(ClusterRole.RESOURCE, "", "all").rules()).containsExactly(rule("services"));
            simulation.assertQuiet();
        }
    }

    private static PolicyRule rule(String resource) {
        return PolicyRule.EMPTY.withApiGroups(List.of("")).withResources(List.of(resource)).withVerbs(List.of("get"));
    }
}
