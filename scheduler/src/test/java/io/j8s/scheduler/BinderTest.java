package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.metrics.MetricRegistry;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.framework.Measures;
import io.j8s.scheduler.framework.PermitPlugin;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.ReservePlugin;
import io.j8s.scheduler.framework.WaitingPods;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The way of a pod from its choice to its node: plugins that make it wait, send it back, and give back what they hold.
class BinderTest {

    private final SimulatedTimeline time = new SimulatedTimeline(3);
    private final WaitingPods waiting = new WaitingPods(time.gate());
    private final MetricRegistry registry = new MetricRegistry();
    private final List<String> done = new ArrayList<>();
    private final PodInfo pod = new PodInfo(Objects.pod("a", 100, Map.of()));
    private final NodeInfo node;
    private @Nullable RuntimeException failure;

    BinderTest() {
        ClusterState cluster = new ClusterState();
        cluster.put(Objects.node("n", 1000, 10, Map.of()));
        node = java.util.Objects.requireNonNull(cluster.node("n"));
    }

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void a_pod_waits_until_it_is_allowed() {
        bind(new Gatekeeper("Gate", new PermitPlugin.Word.Wait(Duration.ofMinutes(5))));
        time.advance(Duration.ofMinutes(4));
        assertThat(done).as("its node is told meanwhile").containsExactly("reserve", "expected on n");
        waiting.allow(pod.uid());
        time.settle();
        assertThat(done).containsExactly("reserve", "expected on n", "bind");
        assertThat(failure).isNull();
        assertThat(registry.text()).contains("scheduler_permit_wait_duration_seconds_count{result=\"Success\"} 1");
    }

    @Test
    void a_pod_that_is_not_allowed_in_time_goes_back() {
        bind(new Gatekeeper("Gate", new PermitPlugin.Word.Wait(Duration.ofMinutes(5))), new Gatekeeper("Shorter", new PermitPlugin.Word.Wait(Duration.ofMinutes(1))));
        time.advance(Duration.ofSeconds(61));
        assertThat(failure).hasMessage("rejected due to timeout after waiting 1m0s");
        assertThat(done).containsExactly("reserve", "expected on n");
    }

    @Test
    void a_pod_that_waits_for_nothing_is_bound_without_a_word() {
        bind();
        time.settle();
        assertThat(done).containsExactly("reserve", "bind");
        assertThat(failure).isNull();
    }

    @Test
    void a_pod_for_which_something_is_to_be_done_first_tells_its_node() {
        bind(new Preparing());
        time.settle();
        assertThat(done).containsExactly("reserve", "expected on n", "prepare", "bind");
    }

    @Test
    void a_waiting_pod_may_be_sent_back() {
        bind(new Gatekeeper("Gate", new PermitPlugin.Word.Wait(Duration.ofMinutes(5))));
        time.settle();
        waiting.reject(pod.uid(), "preempted");
        time.settle();
        assertThat(failure).hasMessage("rejected: preempted");
        assertThat(registry.text()).contains("scheduler_permit_wait_duration_seconds_count{result=\"Unschedulable\"} 1");
    }

    @Test
    void a_refusal_comes_at_once_and_names_the_plugin() {
        Binder binder = binder(new Gatekeeper("Gate", new PermitPlugin.Word.Back("not today")));
        assertThatThrownBy(() -> binder.reserve(pod, node)).isInstanceOfSatisfying(Binder.Refused.class, refused -> {
            assertThat(refused.plugin()).isEqualTo("Gate");
            assertThat(refused.reason()).isEqualTo("not today");
        });
        binder.unreserve(pod, node);
        assertThat(done).containsExactly("reserve", "unreserve");
    }

    private void bind(Plugin... gatekeepers) {
        Binder binder = binder(gatekeepers);
        Binder.Permission permission = binder.reserve(pod, node);
        time.start("bind", () -> failure = binder.bind(pod, node, permission));
    }

    private Binder binder(Plugin... gatekeepers) {
        List<Profile.Enabled> enabled = Stream.concat(Stream.of(new Recorder()), Stream.of(gatekeepers)).map(plugin -> new Profile.Enabled(plugin, 0)).toList();
        return new Binder(new Profile("default-scheduler", enabled), new Extenders(List.of(), new ClusterState()), (expected, place) -> done.add("expected on " + place), waiting, new SchedulerMetrics(registry), Measures.NONE, time);
    }

    private record Gatekeeper(String name, PermitPlugin.Word word) implements PermitPlugin {
        @Override
        public Word permit(PodInfo one, NodeInfo there) {
            return word;
        }
    }

    private final class Recorder implements ReservePlugin, BindPlugin {
        @Override
        public String name() {
            return "Recorder";
        }

        @Override
        public void reserve(PodInfo one, NodeInfo there) {
            done.add("reserve");
        }

        @Override
        public void unreserve(PodInfo one, NodeInfo there) {
            done.add("unreserve");
        }

        @Override
        public boolean bind(PodInfo one, NodeInfo there) {
            done.add("bind");
            return true;
        }
    }

    private final class Preparing implements PreBindPlugin {
        @Override
        public String name() {
            return "Preparing";
        }

        @Override
        public boolean hasWork(PodInfo prepared) {
            return true;
        }

        @Override
        public void preBind(PodInfo prepared, NodeInfo place) {
            done.add("prepare");
        }
    }
}
