package io.j8s.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Many users at once, in simulated time.
final class FairnessTest {

    private static final RequestInfo GET = RequestInfo.of("GET", "/api/v1/namespaces/a/pods/p", Query.NONE);
    private static final RequestInfo LIST = RequestInfo.of("GET", "/api/v1/pods", Query.NONE);

    /// One level for all users by name, with four of eight seats; the other four belong to a level that lends half of them.
    private record Configured() implements ClusterState {
        private static final String LEVEL = "{\"metadata\":{\"name\":\"%s\",\"uid\":\"%s\"},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":10,\"lendablePercent\":50,"
                + "\"limitResponse\":{\"type\":\"Queue\",\"queuing\":{\"queues\":4,\"handSize\":1,\"queueLengthLimit\":40}}}}}";
        private static final String SCHEMA = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"matchingPrecedence\":%d,\"priorityLevelConfiguration\":{\"name\":\"%s\"},"
                + "\"distinguisherMethod\":{\"type\":\"ByUser\"},\"rules\":[{\"subjects\":[{\"kind\":\"Group\",\"group\":{\"name\":\"%s\"}}],"
                + "\"resourceRules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"namespaces\":[\"*\"],\"clusterScope\":true}]}]}}";

        @Override
        public <T extends Struct> @Nullable T get(ApiResource<T> resource, String namespace, String name) {
            return null;
        }

        @Override
        @SuppressWarnings("unchecked") // read as the resource's type
        public <T extends Struct> List<T> list(ApiResource<T> resource, String namespace) {
            List<String> objects = resource.equals(FlowSchema.RESOURCE)
                    ? List.of(SCHEMA.formatted("few", 1, "few", "few"), SCHEMA.formatted("all", 2, "all", "all"))
                    : List.of(LEVEL.formatted("few", "f"), LEVEL.formatted("all", "a"));
            return objects.stream().map(json -> (T) Json.read(resource.type(), json)).toList();
        }

        @Override
        public long version(ApiResource<?> resource) {
            return 1;
        }

        @Override
        public <T extends Struct> boolean any(ApiResource<T> resource, String namespace, Predicate<T> condition) {
            return list(resource, namespace).stream().anyMatch(condition);
        }
    }

    /// What a task of a simulation does.
    private interface Story {
        void tell(Timeline timeline) throws Exception;
    }

    private static void simulate(Story story) {
        try (SimulatedTimeline timeline = new SimulatedTimeline(7)) {
            boolean[] ended = new boolean[1];
            List<Throwable> failed = new ArrayList<>();
            timeline.start("story", () -> {
                try {
                    story.tell(timeline);
                } catch (Throwable e) {
                    failed.add(e);
                } finally {
                    ended[0] = true;
                }
            });
            timeline.run(() -> ended[0]);
            assertThat(failed).isEmpty();
        }
    }

    private static void run(Timeline timeline, FlowControl flow, String user, RequestInfo info, int times, List<String> done) {
        for (int i = 0; i < times; i++) {
            timeline.start(user, () -> {
                try (FlowControl.Ticket ticket = flow.enter(User.of(user, "all"), info)) {
                    timeline.sleep(Duration.ofMillis(100));
                    done.add(user + ticket.schemaUid());
                }
            });
        }
    }

    @Test
    void a_greedy_user_does_not_delay_a_modest_one() {
        List<String> done = new ArrayList<>();
        simulate(timeline -> {
            FlowControl flow = new FlowControl(new Configured(), timeline, 8);
            run(timeline, flow, "greedy", GET, 40, done);
            timeline.sleep(Duration.ofMillis(10));
            run(timeline, flow, "modest", GET, 2, done);
            timeline.sleep(Duration.ofSeconds(5));
        });
        assertThat(done).hasSize(42);
        assertThat(done.lastIndexOf("modest")).as("done after the requests that ran already, and one turn more").isLessThan(14);
    }

    @Test
    void lists_of_many_objects_take_more_seats() {
        List<String> done = new ArrayList<>();
        simulate(timeline -> {
            FlowControl flow = new FlowControl(new Configured(), timeline, 8, info -> 1000, java.time.Duration.ofSeconds(15), new MetricRegistry());
            run(timeline, flow, "lists", LIST, 1, done);
            timeline.sleep(Duration.ofMillis(10));
            assertThat(flow.levelStates().get("all")).extracting(FlowControl.LevelState::seats, FlowControl.LevelState::running).containsExactly(4, 1);
            timeline.sleep(Duration.ofSeconds(1));
            assertThat(flow.levelStates().get("all")).extracting(FlowControl.LevelState::seats).isEqualTo(0);
        });
        assertThat(done).hasSize(1);
    }

    @Test
    void idle_seats_are_lent_and_no_more_of_them_than_may_be() {
        simulate(timeline -> {
            FlowControl flow = new FlowControl(new Configured(), timeline, 8);
            run(timeline, flow, "many", GET, 20, new ArrayList<>());
            timeline.sleep(Duration.ofMillis(10));
            assertThat(flow.running("all")).as("four of its own, two lent").isEqualTo(6);
            flow.enter(User.of("other", "few"), GET).close();
            timeline.sleep(Duration.ofSeconds(5));
        });
    }

    @Test
    void who_waits_in_vain_is_turned_away_and_so_is_who_finds_no_room() {
        simulate(timeline -> {
            FlowControl flow = new FlowControl(new Configured(), timeline, 8);
            for (int i = 0; i < 6; i++) {
                flow.enter(User.of("stuck", "all"), GET);
            }
            assertThatThrownBy(() -> flow.enter(User.of("late", "all"), GET)).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(429));
            assertThat(flow.levelStates().get("all")).extracting(FlowControl.LevelState::timedOut).isEqualTo(1L);
            MetricRegistry metrics = new MetricRegistry();
            new FlowPages(flow).register(metrics);
            assertThat(metrics.text()).contains("apiserver_flowcontrol_rejected_requests_total{flow_schema=\"all\",priority_level=\"all\",reason=\"time-out\"} 1")
                    .contains("apiserver_flowcontrol_nominal_limit_seats{priority_level=\"few\"} 4", "apiserver_flowcontrol_current_inqueue_seats{flow_schema=\"all\",priority_level=\"all\"} 0\n")
                    .contains("apiserver_flowcontrol_demand_seats_high_watermark{priority_level=\"all\"} 7\n", "apiserver_flowcontrol_demand_seats_average{priority_level=\"all\"} 7\n",
                            "apiserver_flowcontrol_demand_seats_stdev{priority_level=\"all\"} 0\n", "apiserver_flowcontrol_demand_seats_count{priority_level=\"all\"} 15000000000\n");
            assertThat(new FlowPages(flow).levels()).startsWith("PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests,").contains("all,               0,            false,");
        });
    }
}
