package io.j8s.node.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerRestartRule;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.pods.ContainerView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SandboxView SANDBOX = new SandboxView("sandbox", 0, true, List.of("10.244.0.2"));

    private final Map<String, List<ContainerView>> containers = new HashMap<>();
    private final Map<String, ContainerProgress> progress = new HashMap<>();
    private @Nullable SandboxView sandbox = SANDBOX;
    private Set<String> over = Set.of();
    private PodView.@Nullable End end;

    @Test
    void volumes_come_first_then_the_sandbox() {
        assertThat(PodPlan.of(view(pod("Always"), false), NOW).actions()).containsExactly(new Action.SetUpVolumes());
        sandbox = null;
        assertThat(PodPlan.of(view(pod("Always"), true), NOW).actions()).containsExactly(new Action.CreateSandbox(0));
    }

    @Test
    void all_ordinary_containers_start_at_once() {
        assertThat(plan(pod("Always", "a", "b"))).extracting(PodPlanTest::name).containsExactly("start a", "start b");
    }

    @Test
    void init_containers_go_one_after_another_and_hold_the_others_back() {
        Pod pod = pod("Always", "main").withSpec(s -> s.withInitContainers(List.of(container("one"), container("side").withRestartPolicy("Always"), container("two"))));
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("start one");
        exited("one", 0, NOW);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("start side");
        running("side", false);
        assertThat(plan(pod)).as("a sidecar that has not started holds back the next").isEmpty();
        running("side", true);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("start two");
        exited("two", 0, NOW);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("start main");
    }

    @Test
    void restarts_wait_for_their_back_off_which_doubles_and_is_forgotten() {
        Pod pod = pod("Always", "main");
        exited("main", 1, NOW);
        assertThat(plan(pod)).extracting(PodPlanTest::name).as("the first restart is at once").containsExactly("start main");
        RestartBackoff once = RestartBackoff.NONE.restarted(NOW, NOW, RestartBackoff.LONGEST);
        assertThat(once.span()).isEqualTo(Duration.ofSeconds(10));
        progress.put("main", ContainerProgress.NEW.withBackoff(once));
        PodPlan waiting = PodPlan.of(view(pod, true), NOW);
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.wakeAt()).isEqualTo(NOW.plusSeconds(10));
        assertThat(PodPlan.of(view(pod, true), NOW.plusSeconds(10)).actions()).hasSize(1);
        RestartBackoff many = once;
        for (int i = 0; i < 10; i++) {
            many = many.restarted(NOW, NOW, RestartBackoff.LONGEST);
        }
        assertThat(many.span()).isEqualTo(Duration.ofMinutes(5));
        assertThat(many.due(NOW.plus(Duration.ofMinutes(11)))).as("after ten good minutes").isEqualTo(NOW.plus(Duration.ofMinutes(11)));
    }

    @Test
    void restart_policies_decide_when_a_pod_is_done() {
        exited("main", 0, NOW);
        assertThat(PodPlan.terminal(view(pod("Always", "main"), true))).isFalse();
        assertThat(PodPlan.terminal(view(pod("OnFailure", "main"), true))).isTrue();
        assertThat(PodPlan.terminal(view(pod("Never", "main"), true))).isTrue();
        assertThat(PodPhase.of(view(pod("OnFailure", "main"), true), false)).isEqualTo(PodPhase.SUCCEEDED);
        exited("main", 1, NOW);
        assertThat(PodPlan.terminal(view(pod("OnFailure", "main"), true))).isFalse();
        assertThat(PodPhase.of(view(pod("Never", "main"), true), false)).isEqualTo(PodPhase.FAILED);
        assertThat(plan(pod("Never", "main"))).as("its sandbox is given back").containsExactly(new Action.StopSandbox(SANDBOX));
    }

    @Test
    void at_the_end_sidecars_outlive_the_others() {
        Pod pod = pod("Always", "main").withSpec(s -> s.withInitContainers(List.of(container("first").withRestartPolicy("Always"), container("second").withRestartPolicy("Always"))));
        running("main", true);
        running("first", true);
        running("second", true);
        end = new PodView.End(30, "", "", true, false);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("stop main");
        exited("main", 0, NOW);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("stop second");
        exited("second", 0, NOW);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("stop first");
        exited("first", 0, NOW);
        assertThat(plan(pod)).containsExactly(new Action.StopSandbox(SANDBOX));
        sandbox = new SandboxView("sandbox", 0, false, List.of());
        assertThat(plan(pod)).containsExactly(new Action.Finish());
    }

    @Test
    void a_failed_probe_and_a_new_image_stop_a_container() {
        running("main", true);
        progress.put("main", ContainerProgress.NEW.withStarted(true).withKill("Container main failed liveness probe, will be restarted"));
        assertThat(plan(pod("Always", "main"))).extracting(PodPlanTest::name).containsExactly("stop main");
        progress.clear();
        Pod changed = pod("Always", "main").withSpec(s -> s.withContainers(List.of(container("main").withImage("app:2"))));
        assertThat(plan(changed)).extracting(PodPlanTest::name).containsExactly("stop main");
    }

    @Test
    void a_sandbox_that_died_is_replaced_once_nothing_runs_in_it() {
        sandbox = new SandboxView("sandbox", 3, false, List.of());
        running("main", true);
        assertThat(plan(pod("Always", "main"))).extracting(PodPlanTest::name).containsExactly("stop main");
        exited("main", 137, NOW);
        assertThat(plan(pod("Always", "main"))).containsExactly(new Action.CreateSandbox(4));
    }

    @Test
    void a_rule_has_all_containers_begin_anew_once_none_runs() {
        ContainerRestartRule rule = ContainerRestartRule.EMPTY.withAction("RestartAllContainers").withExitCodes(e -> e.withOperator("In").withValues(List.of(88)));
        Pod pod = pod("Never", "cause", "other").withSpec(s -> s.withInitContainers(List.of(container("first")))
                .withContainers(List.of(container("cause").withRestartPolicyRules(List.of(rule)), container("other"))));
        exited("first", 0, NOW);
        exited("cause", 88, NOW);
        running("other", true);
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("stop other");
        assertThat(PodPhase.of(view(pod, true), false)).isEqualTo(PodPhase.RUNNING);
        exited("other", 137, NOW);
        assertThat(plan(pod)).containsExactly(new Action.StartOver());
        over = Set.of("first-id", "cause-id", "other-id");
        assertThat(plan(pod)).extracting(PodPlanTest::name).containsExactly("start first");
        assertThat(PodPhase.of(view(pod, true), false)).isEqualTo(PodPhase.RUNNING);
    }

    private List<Action> plan(Pod pod) {
        return PodPlan.of(view(pod, true), NOW).actions();
    }

    private PodView view(Pod pod, boolean volumes) {
        return new PodView(pod, sandbox, containers, progress, volumes, false, null, end, Map.of(), null, over, false);
    }

    private void running(String name, boolean started) {
        containers.put(name, List.of(view(name, State.RUNNING, 0, null)));
        progress.put(name, ContainerProgress.NEW.withStarted(started).withReady(started));
    }

    private void exited(String name, int code, Instant at) {
        containers.put(name, List.of(view(name, State.EXITED, code, at)));
    }

    private static ContainerView view(String name, State state, int code, @Nullable Instant finished) {
        return new ContainerView(name + "-id", name, 0, state, NOW, NOW, finished, code, code == 0 ? "Completed" : "Error", "", "app:1", "sha256:1", Labels.hash(container(name)), "/log", null);
    }

    private static Pod pod(String restartPolicy, String... names) {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("p").withNamespace("default").withUid("u"))
                .withSpec(s -> s.withRestartPolicy(restartPolicy).withContainers(java.util.Arrays.stream(names).map(PodPlanTest::container).toList()));
    }

    private static Container container(String name) {
        return Container.EMPTY.withName(name).withImage("app:1");
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.StartContainer start -> "start " + start.container().name();
            case Action.Resize resize -> "resize " + resize.container().name();
            case Action.StopContainer stop -> "stop " + stop.container().name();
            case Action.SetUpVolumes volumes -> "volumes";
            case Action.CreateSandbox created -> "sandbox";
            case Action.StartOver over -> "start over";
            case Action.StopSandbox stopped -> "stop sandbox";
            case Action.Finish finish -> "finish";
        };
    }
}
