package io.j8s.controllers.ttl;

import io.j8s.client.ApiException;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.Node;
import java.util.List;

/// Watches nodes; keeps the annotation `node.alpha.kubernetes.io/ttl`. The steps overlap, so that a cluster at a border does not go back and forth.
public final class TtlController implements Controller {
    private static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";
    private static final List<Step> STEPS = List.of(
            new Step(0, 100, 0), new Step(90, 500, 15), new Step(450, 1000, 30), new Step(900, 2000, 60), new Step(1800, Integer.MAX_VALUE, 300));

    private final Context context;
    private final Informer<Node> nodes;
    private final WorkQueue<String> queue;
    private final ControllerLoop<String> loop;
    // guarded by this
    private int step;

    private record Step(int from, int to, int seconds) {}

    public TtlController(Context context, int workers) {
        this.context = context;
        this.nodes = context.informers().of(Node.RESOURCE);
        this.queue = context.queue("ttlcontroller");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        nodes.addHandler(new Handler<>() {
            @Override
            public void added(Node node) {
                resize();
                queue.add(node.metadata().name());
            }

            @Override
            public void changed(Node before, Node after) {
                if (!java.util.Objects.equals(before.metadata().annotations().get(ANNOTATION), after.metadata().annotations().get(ANNOTATION))) {
                    queue.add(after.metadata().name());
                }
            }

            @Override
            public void deleted(Node last) {
                resize();
            }
        });
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private synchronized void resize() {
        int size = nodes.lister().size();
        int before = step;
        while (step < STEPS.size() - 1 && size > STEPS.get(step).to) {
            step++;
        }
        while (step > 0 && size < STEPS.get(step).from) {
            step--;
        }
        if (step != before) {
            nodes.lister().list().forEach(node -> queue.add(node.metadata().name()));
        }
    }

    private synchronized String seconds() {
        return Integer.toString(STEPS.get(step).seconds);
    }

    private Outcome reconcile(String name) {
        Node node = nodes.lister().get("", name);
        String seconds = seconds();
        if (node != null && !seconds.equals(node.metadata().annotations().get(ANNOTATION))) {
            String patch = "{\"metadata\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + seconds + "\"}}}"; // its role may patch nodes, but not get one
            try {
                context.client().patch(Node.RESOURCE, "", name, new Patch.Strategic(patch), WriteOptions.NONE);
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return Outcome.DONE;
    }
}
