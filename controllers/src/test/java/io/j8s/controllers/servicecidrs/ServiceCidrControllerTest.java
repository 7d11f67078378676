package io.j8s.controllers.servicecidrs;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.networking.v1.ServiceCIDR;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceCidrControllerTest {

    @Test
    void aRangeIsReadyAndGoesOnlyWhenNoAddressNeedsIt() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new ServiceCidrController(context, 5));
            range(simulation, "c", "10.0.0.0/24");
            address(simulation, "10.0.0.7", "ipallocator.k8s.io");
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

    @Test
    void addressesThatOthersManageOrAnotherRangeHasDoNotKeepARange() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new ServiceCidrController(context, 5));
            range(simulation, "c", "10.0.0.0/24", "fd00::/112");
            address(simulation, "10.0.0.7", "gateway.example.com");
            address(simulation, "fd00::9", "ipallocator.k8s.io");
            simulation.settle();
            simulation.api.delete(ServiceCIDR.RESOURCE, "", "c", DeleteOptions.DEFAULT);
            simulation.advance(Duration.ofMinutes(1));
            assertThat(condition(simulation)).as("of its second family an address is used").isEqualTo("False/Terminating");
            range(simulation, "wider", "fd00::/64");
            simulation.advance(Duration.ofSeconds(5));
            assertThat(simulation.api.peek(ServiceCIDR.RESOURCE, "")).extracting(one -> one.metadata().name()).containsExactly("wider");
        }
    }

    @Test
    void aRangeStaysForTenSecondsAsAServiceMayJustBeGettingAnAddress() {
        try (Simulation simulation = new Simulation(3)) {
            simulation.start(context -> new ServiceCidrController(context, 5));
            range(simulation, "c", "10.0.0.0/24");
            simulation.settle();
            simulation.api.delete(ServiceCIDR.RESOURCE, "", "c", DeleteOptions.DEFAULT);
            simulation.advance(Duration.ofSeconds(8));
            assertThat(simulation.api.peek(ServiceCIDR.RESOURCE, "")).hasSize(1);
            address(simulation, "10.0.0.1", "ipallocator.k8s.io");
            simulation.advance(Duration.ofSeconds(8));
            assertThat(condition(simulation)).as("one came in time").isEqualTo("False/Terminating");
        }
    }

    private static void range(Simulation simulation, String name, String... cidrs) {
        simulation.api.create(ServiceCIDR.RESOURCE, "", ServiceCIDR.EMPTY.withMetadata(named(name)).withSpec(s -> s.withCidrs(List.of(cidrs))));
    }

    private static void address(Simulation simulation, String ip, String manager) {
        simulation.api.create(IPAddress.RESOURCE, "", IPAddress.EMPTY.withMetadata(named(ip).withLabels(Map.of("ipaddress.kubernetes.io/managed-by", manager))));
    }

    private static String condition(Simulation simulation) {
        return simulation.api.peek(ServiceCIDR.RESOURCE, "").getFirst().status().conditions().stream().findFirst().map(c -> c.status() + "/" + c.reason()).orElse("none");
    }
}
