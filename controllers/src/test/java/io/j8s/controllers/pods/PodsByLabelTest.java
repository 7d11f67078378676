package io.j8s.controllers.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Informer;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.SimulatedTimeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PodsByLabelTest {
    private static final List<String> SELECTORS = List.of("a=1", "a=1,b=2", "a in (1),c", "a in (1,2),b=1", "!a", "a!=1,b=0", "", "c=9", "a=1,c=9");

    @Test
    void finds_what_a_look_at_every_pod_finds() {
        Random random = new Random(5);
        try (SimulatedTimeline time = new SimulatedTimeline(5)) {
            MemoryApi api = new MemoryApi(time);
            Informer<Pod> pods = new Informer<>(api, time, Pod.RESOURCE);
            PodsByLabel found = PodsByLabel.of(pods);
            pods.start();
            for (int round = 0; round < 200; round++) {
                change(api, random);
                time.settle();
                Selector selector = Selector.parse(SELECTORS.get(random.nextInt(SELECTORS.size())));
                Map<String, String> labels = labels(random);
                assertThat(found.matching("x", selector)).isEqualTo(pods.lister().list("x").stream().filter(pod -> selector.matches(pod.metadata().labels())).toList());
                assertThat(found.with("y", labels)).isEqualTo(pods.lister().list("y").stream().filter(pod -> pod.metadata().labels().entrySet().containsAll(labels.entrySet())).toList());
            }
            pods.close();
        }
    }

    private static void change(MemoryApi api, Random random) {
        String namespace = random.nextBoolean() ? "x" : "y";
        String name = "pod-" + random.nextInt(12);
        Pod known = api.find(Pod.RESOURCE, namespace, name);
        if (known == null) {
            api.create(Pod.RESOURCE, namespace, Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(labels(random))));
        } else if (random.nextInt(3) == 0) {
            api.delete(Pod.RESOURCE, namespace, name, DeleteOptions.DEFAULT.after(0));
        } else {
            api.update(Pod.RESOURCE, namespace, known.withMetadata(m -> m.withLabels(labels(random))));
        }
    }

    private static Map<String, String> labels(Random random) {
        Map<String, String> labels = new HashMap<>();
        for (String key : List.of("a", "b", "c")) {
            if (random.nextBoolean()) {
                labels.put(key, Integer.toString(random.nextInt(3)));
            }
        }
        return labels;
    }
}
