package io.j8s.controllers.servicecidrs;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.networking.v1.ServiceCIDR;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCidrControllerTest {

    @Test
    void aRangeIsReadyAndGoesOnlyWhenNoAddressNeedsIt() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new ServiceCidrController(context, 5));
            simulation.api.create(ServiceCIDR.RESOURCE, "", ServiceCIDR.EMPTY.withMetadata(named("c")).withSpec(s -> s.withCidrs(List.of("10.0.0.0/24"))));
            simulation.api.create(IPAddress.RESOURCE, "", IPAddress.EMPTY.withMetadata(named("10.0.0.7")));
            simulation.settle();
            assertThat(condition(simulation)).isEqualTo("True/");
            simulation.assertQuiet();
            simulation.api.delete(ServiceCIDR.RESOURCE, "", "c", DeleteOptions.DEFAULT);
            simulation.advance(Duration.ofMinutes(1));
            assertThat(condition(simulation)).isEqualTo("False/Terminating");
            simulation.api.delete(IPAddress.RESOURCE, "", "10.0.0.7", DeleteOptions.DEFAULT);
            simulation.advance(Duration.ofMinutes(1));
            assertThat(simulation.api.peek(ServiceCIDR.RESOURCE, "")).isEmpty();
        }
    }

    private static String condition(Simulation simulation) {
        return simulation.api.peek(ServiceCIDR.RESOURCE, "").getFirst().status().conditions().stream().findFirst().map(c -> c.status() + "/" + c.reason()).orElse("none");
    }
}
