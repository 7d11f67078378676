package io.j8s.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.MemoryApi;
import io.j8s.client.testing.Refusals;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private final SimulatedTimeline time = new SimulatedTimeline(5);
    private final MemoryApi api = new MemoryApi(time);
    private final EventRecorder recorder = new EventRecorder(api, time, "test-controller", "");
    private final Pod pod = Pod.EMPTY.withApiVersion("v1").withKind("Pod").withMetadata(ObjectMeta.EMPTY.withName("p").withNamespace("ns").withUid("u").withResourceVersion("7"));

    @AfterEach
    void close() {
        recorder.close();
        time.close();
        assertThat(time.failures()).isEmpty();
    }

    @Test
    void anEventSaysWhatHappenedToWhat() {
        recorder.normal(pod, "Started", "Started it");
        time.settle();
        assertThat(api.list(Event.RESOURCE, "ns")).singleElement().satisfies(event -> {
            assertThat(event.metadata().name()).matches("p\\.[0-9a-f]{16}");
            assertThat(event.involvedObject().kind()).isEqualTo("Pod");
            assertThat(event.involvedObject().uid()).isEqualTo("u");
            assertThat(event.type()).isEqualTo("Normal");
            assertThat(event.reason()).isEqualTo("Started");
            assertThat(event.message()).isEqualTo("Started it");
            assertThat(event.source().component()).isEqualTo("test-controller");
            assertThat(event.reportingComponent()).isEqualTo("test-controller");
            assertThat(event.count()).isEqualTo(1);
            assertThat(event.firstTimestamp()).isEqualTo(event.lastTimestamp()).isEqualTo(SimulatedTimeline.START);
        });
    }

    @Test
    void theSameEventAgainIsCounted() {
        for (int i = 0; i < 5; i++) {
            recorder.warning(pod, "Failed", "No luck");
            time.advance(Duration.ofSeconds(10));
        }
        assertThat(api.list(Event.RESOURCE, "ns")).singleElement().satisfies(event -> {
            assertThat(event.count()).isEqualTo(5);
            assertThat(event.firstTimestamp()).isEqualTo(SimulatedTimeline.START);
            assertThat(event.lastTimestamp()).isEqualTo(SimulatedTimeline.START.plusSeconds(40));
        });
    }

    @Test
    void manyDifferentMessagesBecomeOne() {
        for (int i = 0; i < 15; i++) {
            recorder.warning(pod, "Failed", "Attempt " + i);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(api.list(Event.RESOURCE, "ns")).hasSize(10).anySatisfy(event -> {
            assertThat(event.message()).isEqualTo("(combined from similar events): Attempt 14");
            assertThat(event.count()).isEqualTo(6);
        });
    }

    @Test
    void oneSourceCannotFlood() {
        for (int i = 0; i < 100; i++) {
            recorder.warning(pod, "Reason" + i, "once");
        }
        time.settle();
        assertThat(api.list(Event.RESOURCE, "ns")).hasSize(25);
        time.advance(Duration.ofMinutes(5));
        recorder.warning(pod, "Later", "once");
        time.settle();
        assertThat(api.list(Event.RESOURCE, "ns")).hasSize(26);
    }

    @Test
    void anEventIsWrittenWhenTheServerIsBack() {
        api.faults(request -> Refusals.unavailable());
        recorder.normal(pod, "Started", "Started it");
        time.advance(Duration.ofSeconds(30));
        api.faults(request -> null);
        time.advance(Duration.ofSeconds(30));
        assertThat(api.list(Event.RESOURCE, "ns")).hasSize(1);
    }
}
