package io.j8s.controllers.ttlafterfinished;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TtlAfterFinishedControllerTest {

    @Test
    void aJobGoesWhenItsTimeAfterItsEndIsUp() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new TtlAfterFinishedController(context, 5));
            simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("j")).withSpec(s -> s.withTtlSecondsAfterFinished(60)));
            simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("kept")));
            simulation.advance(Duration.ofMinutes(10));
            assertThat(simulation.api.peek(Job.RESOURCE, "ns")).hasSize(2);
            for (Job job : simulation.api.peek(Job.RESOURCE, "ns")) {
                JobCondition end = JobCondition.EMPTY.withType("Complete").withStatus("True").withLastTransitionTime(simulation.time.now());
                simulation.api.updateStatus(Job.RESOURCE, "ns", job.withStatus(s -> s.withConditions(List.of(end))));
            }
            simulation.advance(Duration.ofSeconds(55));
            assertThat(simulation.api.peek(Job.RESOURCE, "ns")).allSatisfy(job -> assertThat(job.metadata().deletionTimestamp()).isNull());
            simulation.advance(Duration.ofSeconds(10));
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "j").metadata().finalizers()).contains("foregroundDeletion");
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "kept").metadata().deletionTimestamp()).isNull();
        }
    }
}
