package io.j8s.controllers.policystatus;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.admissionregistration.v1.ExpressionWarning;
import io.j8s.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyStatusControllerTest {

    @Test
    void each_generation_is_checked_once() {
        try (Simulation simulation = new Simulation(1)) {
            PolicyTypes types = policy -> policy.spec().failurePolicy().equals("Fail") ? List.of(ExpressionWarning.EMPTY.withFieldRef("spec.validations[0].expression").withWarning("wrong")) : List.of();
            simulation.start(context -> new PolicyStatusController(context, types, 2));
            simulation.api.create(ValidatingAdmissionPolicy.RESOURCE, "", ValidatingAdmissionPolicy.EMPTY.withMetadata(named("p")).withSpec(s -> s.withFailurePolicy("Fail")));
            simulation.settle();
            ValidatingAdmissionPolicy policy = simulation.api.get(ValidatingAdmissionPolicy.RESOURCE, "", "p");
            assertThat(policy.status().observedGeneration()).isEqualTo(1);
            assertThat(policy.status().typeChecking().expressionWarnings()).hasSize(1);
            simulation.assertQuiet();
            simulation.api.update(ValidatingAdmissionPolicy.RESOURCE, "", policy.withSpec(s -> s.withFailurePolicy("Ignore")));
            simulation.settle();
            assertThat(simulation.api.get(ValidatingAdmissionPolicy.RESOURCE, "", "p").status().observedGeneration()).isEqualTo(2);
            simulation.assertQuiet();
        }
    }
}
