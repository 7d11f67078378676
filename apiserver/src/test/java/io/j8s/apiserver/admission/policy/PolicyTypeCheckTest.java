package io.j8s.apiserver.admission.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.NamedRuleWithOperations;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.Validation;
import io.j8s.model.admissionregistration.v1.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTypeCheckTest {

    private static ValidatingAdmissionPolicy policy(String resource, String... expressions) {
        return ValidatingAdmissionPolicy.EMPTY.withSpec(s -> s
                .withMatchConstraints(m -> m.withResourceRules(List.of(NamedRuleWithOperations.EMPTY.withApiGroups(List.of("apps")).withApiVersions(List.of("v1")).withOperations(List.of("CREATE")).withResources(List.of(resource)))))
                .withValidations(List.of(expressions).stream().map(e -> Validation.EMPTY.withExpression(e)).toList()));
    }

    @Test
    void fields_and_operations_that_the_type_does_not_have_are_named() {
        List<ExpressionWarning> warnings = PolicyTypeCheck.check(policy("deployments", "object.spec.replicas <= 5", "object.spec.replicaCount <= 5", "object.spec.replicas == '3'"));
        assertThat(warnings).extracting(ExpressionWarning::fieldRef).containsExactly("spec.validations[1].expression", "spec.validations[2].expression");
        assertThat(warnings.getFirst().warning()).isEqualTo("""
                apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replicaCount'
                 | object.spec.replicaCount <= 5
                 | ...........^
                """);
        assertThat(warnings.getLast().warning()).contains("found no matching overload for '_==_' applied to '(int, string)'");
    }

    @Test
    void what_is_right_of_lists_maps_quantities_times_and_variables_passes() {
        ValidatingAdmissionPolicy policy = policy("deployments",
                "object.spec.template.spec.containers.all(c, c.image.startsWith('registry.example/'))",
                "'app' in object.metadata.labels && object.metadata.labels['app'] == 'web'",
                "object.spec.template.spec.containers.all(c, quantity(c.resources.requests['cpu']).isLessThan(quantity('2')))",
                "has(object.spec.strategy.rollingUpdate) && object.spec.strategy.rollingUpdate.maxSurge == '25%'",
                "object.metadata.creationTimestamp > timestamp('2020-01-01T00:00:00Z')",
                "oldObject == null || oldObject.spec.replicas <= object.spec.replicas",
                "request.operation == 'CREATE' && request.userInfo.username != '' && namespaceObject.metadata.name != 'x'",
                "variables.count < 4",
                "authorizer.group('apps').resource('deployments').check('create').allowed()");
        assertThat(PolicyTypeCheck.check(policy.withSpec(s -> s.withVariables(List.of(Variable.EMPTY.withName("count").withExpression("object.spec.replicas")))))).isEmpty();
    }

    @Test
    void the_type_of_a_variable_is_that_of_its_expression() {
        ValidatingAdmissionPolicy policy = policy("deployments", "variables.count == 'x'").withSpec(s -> s.withVariables(List.of(Variable.EMPTY.withName("count").withExpression("object.spec.replicas"))));
        assertThat(PolicyTypeCheck.check(policy)).singleElement().satisfies(w -> assertThat(w.warning()).contains("no matching overload"));
    }

    @Test
    void what_matches_anything_or_what_nobody_knows_is_not_checked() {
        assertThat(PolicyTypeCheck.check(policy("*", "object.nothing"))).isEmpty();
        assertThat(PolicyTypeCheck.check(policy("deployments/scale", "object.nothing"))).isEmpty();
        assertThat(PolicyTypeCheck.check(policy("gadgets", "object.nothing"))).isEmpty();
    }
}
