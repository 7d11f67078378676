package io.j8s.controllers.cronjob;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.CronJobSpec;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CronJobControllerTest {
    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(UnaryOperator<CronJobSpec> change) {
        simulation.start(context -> new CronJobController(context, 5));
        CronJobSpec spec = CronJobSpec.EMPTY.withSchedule("*/10 * * * *").withConcurrencyPolicy("Allow").withSuccessfulJobsHistoryLimit(3).withFailedJobsHistoryLimit(1);
        simulation.api.create(CronJob.RESOURCE, "ns", CronJob.EMPTY.withMetadata(named("c")).withSpec(change.apply(spec)));
        simulation.settle();
    }

    @Test
    void aJobIsMadeAtEachTime() {
        start(s -> s);
        simulation.advance(Duration.ofMinutes(9));
        assertThat(jobs()).isEmpty();
        simulation.advance(Duration.ofMinutes(2));
        assertThat(jobs()).singleElement().satisfies(job -> {
            assertThat(job.metadata().name()).isEqualTo("c-" + simulation.time.now().minusSeconds(63).truncatedTo(ChronoUnit.MINUTES).getEpochSecond() / 60);
            assertThat(job.metadata().annotations()).containsEntry("batch.kubernetes.io/cronjob-scheduled-timestamp", "2026-01-01T00:10:00Z");
            assertThat(job.metadata().ownerReferences()).singleElement().satisfies(o -> assertThat(o.kind()).isEqualTo("CronJob"));
        });
        assertThat(get().status().active()).hasSize(1);
        assertThat(get().status().lastScheduleTime()).isEqualTo("2026-01-01T00:10:00Z");
        simulation.advance(Duration.ofMinutes(20));
        assertThat(jobs()).hasSize(3);
    }

    @Test
    void historyIsKeptWithinItsLimits() {
        start(s -> s);
        for (int i = 0; i < 8; i++) {
            simulation.advance(Duration.ofMinutes(10));
            String end = i % 2 == 0 ? "Complete" : "Failed";
            jobs().stream().filter(job -> job.status().conditions().isEmpty()).forEach(job -> finish(job, end));
        }
        simulation.settle();
        assertThat(jobs()).hasSize(4);
        assertThat(get().status().active()).isEmpty();
        assertThat(get().status().lastSuccessfulTime()).isNotNull();
        assertThat(simulation.reasons("ns")).contains("SawCompletedJob", "SuccessfulDelete");
    }

    @Test
    void forbidWaitsForTheRunningOne() {
        start(s -> s.withConcurrencyPolicy("Forbid"));
        simulation.advance(Duration.ofMinutes(35));
        assertThat(jobs()).hasSize(1);
        finish(jobs().getFirst(), "Complete");
        simulation.advance(Duration.ofMinutes(1));
        assertThat(jobs()).hasSize(2);
        assertThat(simulation.reasons("ns")).contains("JobAlreadyActive");
    }

    @Test
    void replaceEndsTheRunningOne() {
        start(s -> s.withConcurrencyPolicy("Replace"));
        simulation.advance(Duration.ofMinutes(35));
        assertThat(jobs()).hasSize(1);
        assertThat(get().status().active()).hasSize(1);
    }

    @Test
    void suspendedMakesNothingAndTheDeadlineForgets() {
        start(s -> s.withSuspend(true).withStartingDeadlineSeconds(30L));
        simulation.advance(Duration.ofMinutes(65));
        assertThat(jobs()).isEmpty();
        simulation.api.update(CronJob.RESOURCE, "ns", get().withSpec(s -> s.withSuspend(false)));
        simulation.advance(Duration.ofMinutes(1));
        assertThat(jobs()).isEmpty();
        simulation.advance(Duration.ofMinutes(5));
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void afterAnOutageOnlyTheLastMissedTimeIsMadeUpFor() {
        start(s -> s);
        simulation.api.faults(request -> Refusals.unavailable());
        simulation.api.breakWatches(Refusals.unavailable());
        simulation.advance(Duration.ofMinutes(45));
        simulation.api.faults(request -> null);
        simulation.advance(Duration.ofMinutes(4));
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void aBrokenScheduleIsToldAndChangesNothing() {
        start(s -> s.withSchedule("every now and then"));
        simulation.advance(Duration.ofHours(1));
        assertThat(jobs()).isEmpty();
        assertThat(simulation.reasons("ns")).containsOnly("UnparseableSchedule");
    }

    private void finish(Job job, String type) {
        JobCondition end = JobCondition.EMPTY.withType(type).withStatus("True").withLastTransitionTime(simulation.time.now());
        simulation.api.updateStatus(Job.RESOURCE, "ns", job.withStatus(s -> s.withConditions(List.of(end)).withStartTime(simulation.time.now()).withCompletionTime(simulation.time.now())));
    }

    private List<Job> jobs() {
        return simulation.api.peek(Job.RESOURCE, "ns");
    }

    private CronJob get() {
        return simulation.api.peek(CronJob.RESOURCE, "ns").getFirst();
    }
}
