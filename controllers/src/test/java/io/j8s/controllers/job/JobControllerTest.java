package io.j8s.controllers.job;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobSpec;
import io.j8s.model.batch.v1.PodFailurePolicy;
import io.j8s.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.j8s.model.batch.v1.PodFailurePolicyRule;
import io.j8s.model.batch.v1.SuccessPolicy;
import io.j8s.model.batch.v1.SuccessPolicyRule;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerState;
import io.j8s.model.core.v1.ContainerStateTerminated;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobControllerTest {
    private static final Map<String, String> LABELS = Map.of("job", "j");

    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.start(context -> new JobController(context, 5));
    }

    @Test
    void runsUntilEnoughPodsHaveSucceeded() {
        start();
        create(s -> s.withCompletions(5).withParallelism(2));
        simulation.settle();
        assertThat(active()).hasSize(2).allSatisfy(pod -> assertThat(pod.metadata().finalizers()).containsExactly("batch.kubernetes.io/job-tracking"));
        for (int i = 0; i < 5; i++) {
            succeed(active().getFirst());
            simulation.settle();
            assertThat(active()).hasSize(Math.min(2, 4 - i));
        }
        Job job = get();
        assertThat(job.status().succeeded()).isEqualTo(5);
        assertThat(condition("SuccessCriteriaMet")).isEqualTo("True/CompletionsReached");
        assertThat(condition("Complete")).isEqualTo("True/CompletionsReached");
        assertThat(job.status().completionTime()).isNotNull();
        assertThat(job.status().active()).isZero();
        assertThat(simulation.pods("ns")).hasSize(5).allSatisfy(pod -> assertThat(pod.metadata().finalizers()).isEmpty());
        assertThat(simulation.reasons("ns")).contains("SuccessfulCreate", "Completed");
        simulation.assertQuiet();
    }

    @Test
    void aWorkQueueIsDoneWhenOnePodHasSucceededAndAllHaveEnded() {
        start();
        create(s -> s.withoutCompletions().withParallelism(3));
        simulation.settle();
        succeed(active().getFirst());
        simulation.settle();
        assertThat(active()).hasSize(2);
        assertThat(condition("Complete")).isEqualTo("none");
        active().forEach(this::succeed);
        simulation.settle();
        assertThat(condition("Complete")).startsWith("True");
    }

    @Test
    void failuresAreRetriedLaterAndLaterUpToTheLimit() {
        start();
        create(s -> s.withCompletions(1).withParallelism(1).withBackoffLimit(2));
        simulation.settle();
        fail(active().getFirst(), 1);
        simulation.advance(Duration.ofSeconds(8));
        assertThat(active()).isEmpty();
        simulation.advance(Duration.ofSeconds(4));
        assertThat(active()).hasSize(1);
        fail(active().getFirst(), 1);
        simulation.advance(Duration.ofSeconds(18));
        assertThat(active()).isEmpty();
        simulation.advance(Duration.ofSeconds(4));
        fail(active().getFirst(), 1);
        simulation.advance(Duration.ofMinutes(5));
        assertThat(get().status().failed()).isEqualTo(3);
        assertThat(condition("FailureTarget")).isEqualTo("True/BackoffLimitExceeded");
        assertThat(condition("Failed")).isEqualTo("True/BackoffLimitExceeded");
        assertThat(simulation.reasons("ns")).contains("BackoffLimitExceeded");
        simulation.assertQuiet();
    }

    @Test
    void theDeadlineEndsAllPods() {
        start();
        create(s -> s.withCompletions(2).withParallelism(2).withActiveDeadlineSeconds(60));
        simulation.settle();
        simulation.makeReady("ns");
        simulation.kubelet("ns");
        simulation.advance(Duration.ofSeconds(50));
        assertThat(active()).hasSize(2);
        simulation.advance(Duration.ofSeconds(20));
        assertThat(condition("Failed")).isEqualTo("True/DeadlineExceeded");
        assertThat(simulation.pods("ns")).isEmpty();
        assertThat(get().status().failed()).isEqualTo(2);
    }

    @Test
    void suspendingStopsAndResumingStartsAgain() {
        start();
        create(s -> s.withCompletions(2).withParallelism(2));
        simulation.settle();
        assertThat(get().status().startTime()).isNotNull();
        change(s -> s.withSuspend(true));
        simulation.settle();
        assertThat(simulation.pods("ns")).isEmpty();
        assertThat(condition("Suspended")).isEqualTo("True/JobSuspended");
        assertThat(get().status().startTime()).isNull();
        simulation.assertQuiet();
        change(s -> s.withSuspend(false));
        simulation.settle();
        assertThat(active()).hasSize(2);
        assertThat(condition("Suspended")).isEqualTo("False/JobResumed");
        assertThat(get().status().failed()).isZero();
    }

    @Test
    void eachIndexSucceedsOnce() {
        start();
        create(s -> s.withCompletionMode("Indexed").withCompletions(4).withParallelism(2));
        simulation.settle();
        assertThat(active()).extracting(JobPods::index).containsExactlyInAnyOrder(0, 1);
        assertThat(active()).allSatisfy(pod -> {
            int index = JobPods.index(pod);
            assertThat(pod.metadata().name()).startsWith("j-" + index + "-");
            assertThat(pod.spec().hostname()).isEqualTo("j-" + index);
            assertThat(pod.metadata().labels()).containsEntry("batch.kubernetes.io/job-completion-index", "" + index);
            assertThat(pod.spec().containers().getFirst().env()).extracting(e -> e.name()).contains("JOB_COMPLETION_INDEX");
        });
        fail(byIndex(0), 1);
        succeed(byIndex(1));
        simulation.advance(Duration.ofSeconds(15));
        assertThat(active()).extracting(JobPods::index).containsExactlyInAnyOrder(0, 2);
        for (int i : List.of(0, 2)) {
            succeed(byIndex(i));
        }
        simulation.settle();
        succeed(byIndex(3));
        simulation.settle();
        assertThat(get().status().completedIndexes()).isEqualTo("0-3");
        assertThat(get().status().succeeded()).isEqualTo(4);
        assertThat(condition("Complete")).startsWith("True");
        simulation.assertQuiet();
    }

    @Test
    void anIndexCanFailWithoutTheOthers() {
        start();
        create(s -> s.withCompletionMode("Indexed").withCompletions(3).withParallelism(3).withBackoffLimitPerIndex(1).withBackoffLimit(Integer.MAX_VALUE));
        simulation.settle();
        fail(byIndex(1), 1);
        simulation.advance(Duration.ofSeconds(15));
        assertThat(byIndex(1).metadata().annotations()).containsEntry("batch.kubernetes.io/job-index-failure-count", "1");
        fail(byIndex(1), 1);
        simulation.advance(Duration.ofMinutes(1));
        assertThat(get().status().failedIndexes()).isEqualTo("1");
        assertThat(active()).hasSize(2);
        succeed(byIndex(0));
        succeed(byIndex(2));
        simulation.settle();
        assertThat(condition("Failed")).isEqualTo("True/FailedIndexes");
        assertThat(get().status().completedIndexes()).isEqualTo("0,2");
        simulation.assertQuiet();
    }

    @Test
    void theFailurePolicyDecidesByExitCode() {
        start();
        PodFailurePolicyRule ignore = PodFailurePolicyRule.EMPTY.withAction("Ignore").withOnExitCodes(PodFailurePolicyOnExitCodesRequirement.EMPTY.withOperator("In").withValues(List.of(42)));
        PodFailurePolicyRule fail = PodFailurePolicyRule.EMPTY.withAction("FailJob").withOnExitCodes(PodFailurePolicyOnExitCodesRequirement.EMPTY.withOperator("In").withValues(List.of(7)));
        create(s -> s.withCompletions(1).withParallelism(1).withBackoffLimit(0).withPodFailurePolicy(PodFailurePolicy.EMPTY.withRules(List.of(ignore, fail))));
        simulation.settle();
        fail(active().getFirst(), 42);
        simulation.advance(Duration.ofSeconds(15));
        assertThat(active()).hasSize(1);
        assertThat(get().status().failed()).isZero();
        fail(active().getFirst(), 7);
        simulation.settle();
        assertThat(condition("Failed")).isEqualTo("True/PodFailurePolicy");
    }

    @Test
    void theSuccessPolicyEndsTheJobEarly() {
        start();
        SuccessPolicyRule rule = SuccessPolicyRule.EMPTY.withSucceededIndexes("0");
        create(s -> s.withCompletionMode("Indexed").withCompletions(3).withParallelism(3).withSuccessPolicy(SuccessPolicy.EMPTY.withRules(List.of(rule))));
        simulation.settle();
        succeed(byIndex(0));
        simulation.settle();
        assertThat(condition("SuccessCriteriaMet")).isEqualTo("True/SuccessPolicy");
        assertThat(condition("Complete")).isEqualTo("True/SuccessPolicy");
        assertThat(get().status().succeeded()).isEqualTo(1);
        assertThat(active()).isEmpty();
    }

    @Test
    void podsOfAJobThatIsGoneLoseTheirFinalizer() {
        start();
        create(s -> s.withCompletions(2).withParallelism(2));
        simulation.settle();
        simulation.api.delete(Job.RESOURCE, "ns", "j", DeleteOptions.DEFAULT.propagating("Background"));
        simulation.settle();
        assertThat(simulation.pods("ns")).allSatisfy(pod -> assertThat(pod.metadata().finalizers()).isEmpty());
        simulation.assertQuiet();
    }

    @Test
    void fewerAreWantedAndTheSurplusGoesUncounted() {
        start();
        create(s -> s.withCompletions(10).withParallelism(4));
        simulation.settle();
        change(s -> s.withParallelism(1));
        simulation.settle();
        assertThat(active()).hasSize(1);
        assertThat(get().status().failed()).isZero();
    }

    @Test
    void jobsOfOtherControllersAreLeftAlone() {
        start();
        create(s -> s.withCompletions(1).withParallelism(1).withManagedBy("example.com/other"));
        simulation.settle();
        assertThat(simulation.pods("ns")).isEmpty();
    }

    /// Every pod that ends is counted exactly once, whatever breaks in between.
    @Test
    void countsExactlyHoweverUnreliableTheServerIs() {
        for (long seed = 1; seed <= 12; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            Simulation current = simulation;
            start();
            create(s -> s.withCompletions(20).withParallelism(6).withBackoffLimit(1000));
            int[] ended = new int[2];
            current.time.start("world", () -> {
                while (ended[0] < 20) {
                    for (Pod pod : current.pods("ns", Pods::active)) {
                        boolean good = current.time.random().nextInt(3) > 0;
                        if (ended[0] == 20 || (good && ended[0] + 1 > 20)) {
                            break;
                        }
                        current.api.faults(request -> null);
                        if (good) {
                            succeed(pod);
                        } else {
                            fail(pod, 1);
                        }
                        ended[good ? 0 : 1]++;
                        current.api.faults(request -> request.writes() && current.time.random().nextInt(4) == 0 ? Refusals.unavailable() : null);
                        if (current.time.random().nextInt(5) == 0) {
                            current.api.breakWatches(Refusals.unavailable());
                        }
                    }
                    current.time.sleep(Duration.ofMillis(current.time.random().nextInt(3000)));
                }
            });
            current.advance(Duration.ofHours(6));
            assertThat(get().status().succeeded()).as("seed %s", seed).isEqualTo(20);
            assertThat(get().status().failed()).as("seed %s", seed).isEqualTo(ended[1]);
            assertThat(condition("Complete")).as("seed %s", seed).startsWith("True");
            assertThat(current.pods("ns")).as("seed %s", seed).hasSize(20 + ended[1]).allSatisfy(pod -> assertThat(pod.metadata().finalizers()).isEmpty());
        }
    }

    private void create(UnaryOperator<JobSpec> change) {
        PodTemplateSpec template = PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(PodSpec.EMPTY.withRestartPolicy("Never").withContainers(List.of(Container.EMPTY.withName("c").withImage("i"))));
        JobSpec spec = JobSpec.EMPTY.withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS)).withBackoffLimit(6).withCompletionMode("NonIndexed").withTemplate(template);
        simulation.api.create(Job.RESOURCE, "ns", Job.EMPTY.withMetadata(named("j")).withSpec(change.apply(spec)));
    }

    private void change(UnaryOperator<JobSpec> change) {
        simulation.api.update(Job.RESOURCE, "ns", get().withMetadata(m -> m.withoutResourceVersion()).withSpec(change));
    }

    private Job get() {
        return simulation.api.peek(Job.RESOURCE, "ns").getFirst();
    }

    private String condition(String type) {
        return get().status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().map(c -> c.status() + "/" + c.reason()).orElse("none");
    }

    private List<Pod> active() {
        return simulation.pods("ns", Pods::active);
    }

    private Pod byIndex(int index) {
        return active().stream().filter(pod -> JobPods.index(pod) == index).findFirst().orElseThrow();
    }

    private void succeed(Pod pod) {
        end(pod, "Succeeded", 0);
    }

    private void fail(Pod pod, int exitCode) {
        end(pod, "Failed", exitCode);
    }

    private void end(Pod pod, String phase, int exitCode) {
        ContainerStateTerminated terminated = ContainerStateTerminated.EMPTY.withExitCode(exitCode).withFinishedAt(simulation.time.now().truncatedTo(ChronoUnit.SECONDS));
        ContainerStatus status = ContainerStatus.EMPTY.withName("c").withState(ContainerState.EMPTY.withTerminated(terminated));
        try {
            Pod latest = simulation.api.get(Pod.RESOURCE, "ns", pod.metadata().name());
            simulation.api.updateStatus(Pod.RESOURCE, "ns", latest.withStatus(s -> s.withPhase(phase).withContainerStatuses(List.of(status))));
        } catch (ApiException e) {
            throw new AssertionError("pod " + pod.metadata().name() + " could not end", e);
        }
    }
}
