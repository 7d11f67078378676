package io.j8s.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
    private final MetricRegistry registry = new MetricRegistry();
    private final JobMetrics metrics = new JobMetrics(registry);

    @Test
    void a_job_counts_once_when_it_finishes_and_each_of_its_pods_once() {
        Job running = Job.EMPTY.withMetadata(m -> m.withUid("1")).withSpec(s -> s.withCompletionMode("Indexed")).withStatus(s -> s.withSucceeded(1));
        Job done = running.withStatus(s -> s.withSucceeded(3).withFailed(1).withConditions(List.of(JobCondition.EMPTY.withType("Complete").withStatus("True").withReason("CompletionsReached"))));
        metrics.changed(running, done);
        metrics.changed(done, done);
        metrics.synced(done, true, "pods_created", Duration.ofMillis(5));
        assertThat(registry.text()).contains("job_controller_jobs_finished_total{completion_mode=\"Indexed\",result=\"succeeded\",reason=\"CompletionsReached\"} 1",
                "job_controller_job_pods_finished_total{completion_mode=\"Indexed\",result=\"succeeded\"} 2", "job_controller_job_pods_finished_total{completion_mode=\"Indexed\",result=\"failed\"} 1",
                "job_controller_job_syncs_total{completion_mode=\"Indexed\",result=\"success\",action=\"pods_created\"} 1");
    }

    @Test
    void a_finished_pod_is_tracked_until_it_loses_its_finalizer() {
        Pod running = Pod.EMPTY.withMetadata(m -> m.withFinalizers(List.of(JobPods.FINALIZER))).withStatus(s -> s.withPhase("Running"));
        Pod ended = running.withStatus(s -> s.withPhase("Succeeded"));
        metrics.changed(null, running);
        metrics.changed(running, ended);
        metrics.changed(ended, ended.withMetadata(m -> m.withoutFinalizers()));
        assertThat(registry.text()).contains("job_controller_terminated_pods_tracking_finalizer_total{event=\"add\"} 1", "job_controller_terminated_pods_tracking_finalizer_total{event=\"delete\"} 1");
    }
}
