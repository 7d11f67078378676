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
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FlowControlTest {

    private static final RequestInfo GET = RequestInfo.of("GET", "/api/v1/namespaces/a/pods/p", Query.NONE);

    private final Timeline timeline = Timeline.system();

    /// Masters are exempt; everybody else has one level.
    private record Configured(String response) implements ClusterState {
        @Override
        public <T extends Struct> @Nullable T get(ApiResource<T> resource, String namespace, String name) {
            return null;
        }

        @Override
        @SuppressWarnings("unchecked") // read as the resource's type
        public <T extends Struct> List<T> list(ApiResource<T> resource, String namespace) {
            List<String> objects = resource.equals(FlowSchema.RESOURCE)
                    ? List.of(schema("exempt", 1, "system:masters"), schema("all", 10, "*"))
                    : List.of(
                            "{\"metadata\":{\"name\":\"exempt\",\"uid\":\"l-exempt\"},\"spec\":{\"type\":\"Exempt\"}}",
                            "{\"metadata\":{\"name\":\"all\",\"uid\":\"l-all\"},\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":10,\"limitResponse\":"
                                    + response + "}}}");
            return objects.stream().map(json -> (T) Json.read(resource.type(), json)).toList();
        }

        private static String schema(String name, int precedence, String group) {
            return """
                    {"metadata":{"name":"%s","uid":"s-%s"},"spec":{"matchingPrecedence":%d,"priorityLevelConfiguration":{"name":"%s"},"distinguisherMethod":{"type":"ByUser"},
                    "rules":[{"subjects":[{"kind":"Group","group":{"name":"%s"}}],"resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"namespaces":["*"]}]}]}}"""
                    .formatted(name, name, precedence, name, group);
        }

        @Override
        public long version(ApiResource<?> resource) {
            return resource.equals(PriorityLevelConfiguration.RESOURCE) ? 1 : 2;
        }

        @Override
        public <T extends Struct> boolean any(ApiResource<T> resource, String namespace, Predicate<T> condition) {
            return list(resource, namespace).stream().anyMatch(condition);
        }
    }

    @Test
    void aFullLevelThatDoesNotQueueTurnsAwayAndAFinishedRequestMakesRoom() {
        FlowControl flow = new FlowControl(new Configured("{\"type\":\"Reject\"}"), timeline, 2);
        User user = User.of("u", "g");
        FlowControl.Ticket first = flow.enter(user, GET);
        FlowControl.Ticket second = flow.enter(user, GET);
        assertThat(first.schemaUid()).isEqualTo("s-all");
        assertThat(first.levelUid()).isEqualTo("l-all");
        assertThatThrownBy(() -> flow.enter(user, GET)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(429);
            assertThat(refusal.details().retryAfterSeconds()).isEqualTo(1);
        });
        first.close();
        flow.enter(user, GET).close();
        second.close();
        assertThat(flow.running("all")).isZero();
    }

    @Test
    void exemptRequestsAlwaysRun() {
        FlowControl flow = new FlowControl(new Configured("{\"type\":\"Reject\"}"), timeline, 1);
        flow.enter(User.of("u", "g"), GET);
        for (int i = 0; i < 10; i++) {
            assertThat(flow.enter(User.of("admin", User.MASTERS), GET).schemaUid()).isEqualTo("s-exempt");
        }
    }

    @Test
    void whoWaitsRunsWhenItIsHisTurn() throws InterruptedException {
        String queue = "{\"type\":\"Queue\",\"queuing\":{\"queues\":1,\"handSize\":1,\"queueLengthLimit\":5}}";
        FlowControl flow = new FlowControl(new Configured(queue), timeline, 1);
        FlowControl.Ticket running = flow.enter(User.of("u", "g"), GET);
        Task waits = timeline.start("waits", () -> flow.enter(User.of("v", "g"), GET).close());
        running.close();
        waits.join();
        assertThat(flow.running("all")).isZero();
    }
}
