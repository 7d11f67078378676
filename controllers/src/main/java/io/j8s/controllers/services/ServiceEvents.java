package io.j8s.controllers.services;

import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.queue.WorkQueue;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.util.function.Consumer;

/// Names the services that changes of services and pods concern.
public final class ServiceEvents {
    private ServiceEvents() {}

    /// Puts the key of each service that a change concerns into the queue.
    ///
    /// @param batch after which it comes when a pod changed, so that many such changes are looked at together
    public static void follow(Informer<Service> services, Informer<Pod> pods, WorkQueue<ObjectKey> queue, Duration batch) {
        services.addHandler(Handler.each(service -> queue.add(key(service.metadata()))));
        Consumer<ObjectKey> concerned = batch.isZero() ? queue::add : key -> queue.addAfter(key, batch);
        pods.addHandler(new Handler<>() {
            @Override
            public void added(Pod pod) {
                for (Service service : services.lister().list(pod.metadata().namespace())) {
                    if (ServicePods.selects(service, pod)) {
                        concerned.accept(key(service.metadata()));
                    }
                }
            }

            @Override
            public void changed(Pod before, Pod after) {
                if (ServicePods.matters(before, after)) {
                    added(after);
                    if (!before.metadata().labels().equals(after.metadata().labels())) {
                        added(before);
                    }
                }
            }

            @Override
            public void deleted(Pod last) {
                added(last);
            }
        });
    }

    private static ObjectKey key(ObjectMeta meta) {
        return new ObjectKey(meta.namespace(), meta.name());
    }
}
