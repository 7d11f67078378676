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

    @Test
    void aJobThatMayGoAtOnceGoesWithItsEndAndOneThatHasGivenUpAsWell() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new TtlAfterFinishedController(context, 5));
            simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("failed")).withSpec(s -> s.withTtlSecondsAfterFinished(0)));
            end(simulation, "failed", "Failed", Duration.ZERO);
            simulation.settle();
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "failed").metadata().hasDeletionTimestamp()).isTrue();
        }
    }

    @Test
    void aTimeThatIsMadeLongerMeanwhileCounts() {
        try (Simulation simulation = new Simulation(3)) {
            simulation.start(context -> new TtlAfterFinishedController(context, 5));
            simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("j")).withSpec(s -> s.withTtlSecondsAfterFinished(60)));
            end(simulation, "j", "Complete", Duration.ZERO);
            simulation.advance(Duration.ofSeconds(50));
            simulation.api.update(Job.RESOURCE, "ns", simulation.api.get(Job.RESOURCE, "ns", "j").withSpec(s -> s.withTtlSecondsAfterFinished(600)));
            simulation.advance(Duration.ofSeconds(500));
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "j").metadata().hasDeletionTimestamp()).isFalse();
            simulation.advance(Duration.ofSeconds(60));
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "j").metadata().hasDeletionTimestamp()).isTrue();
        }
    }

    @Test
    void anEndInTheFutureIsWaitedFor() {
        try (Simulation simulation = new Simulation(4)) {
            simulation.start(context -> new TtlAfterFinishedController(context, 5));
            simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("j")).withSpec(s -> s.withTtlSecondsAfterFinished(10)));
            end(simulation, "j", "Complete", Duration.ofMinutes(5));
            simulation.advance(Duration.ofMinutes(5));
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "j").metadata().hasDeletionTimestamp()).isFalse();
            simulation.advance(Duration.ofSeconds(11));
            assertThat(simulation.api.get(Job.RESOURCE, "ns", "j").metadata().hasDeletionTimestamp()).isTrue();
        }
    }

    private static void end(Simulation simulation, String name, String how, Duration ahead) {
        JobCondition end = JobCondition.EMPTY.withType(how).withStatus("True").withLastTransitionTime(simulation.time.now().plus(ahead));
        simulation.api.updateStatus(Job.RESOURCE, "ns", simulation.api.get(Job.RESOURCE, "ns", name).withStatus(s -> s.withConditions(List.of(end))));
    }
}
