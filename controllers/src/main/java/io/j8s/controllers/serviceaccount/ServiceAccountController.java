package io.j8s.controllers.serviceaccount;

import io.j8s.client.ApiException;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.PodControl;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.meta.v1.ObjectMeta;

/// Watches namespaces and service accounts; makes the account `default` wherever it is missing.
public final class ServiceAccountController implements Controller {
    private static final String DEFAULT = "default";

    private final Context context;
    private final Informer<Namespace> namespaces;
    private final Informer<ServiceAccount> accounts;
    private final ControllerLoop<String> loop;

    public ServiceAccountController(Context context, int workers) {
        this.context = context;
        this.namespaces = context.informers().of(Namespace.RESOURCE);
        this.accounts = context.informers().of(ServiceAccount.RESOURCE);
        WorkQueue<String> queue = context.queue("serviceaccount");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        namespaces.addHandler(Handler.each(namespace -> queue.add(namespace.metadata().name())));
        accounts.addHandler(new Handler<>() {
            @Override
            public void added(ServiceAccount account) {}

            @Override
            public void changed(ServiceAccount before, ServiceAccount after) {}

            @Override
            public void deleted(ServiceAccount last) {
                queue.add(last.metadata().namespace());
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

    private Outcome reconcile(String name) {
        Namespace namespace = namespaces.lister().get("", name);
        if (namespace == null || !namespace.status().phase().equals("Active") || accounts.lister().get(name, DEFAULT) != null) {
            return Outcome.DONE;
        }
        try {
            context.client().create(ServiceAccount.RESOURCE, name, ServiceAccount.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(DEFAULT).withNamespace(name)));
        } catch (ApiException e) {
            if (!e.alreadyExists() && !PodControl.namespaceTerminating(e) && !e.isNotFound()) {
                throw e;
            }
        }
        return Outcome.DONE;
    }
}
