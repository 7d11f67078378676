package io.j8s.apiserver.streaming;

import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.resource.Subresource.Connection.Opened;
import io.j8s.apiserver.serve.Access;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/// `pods/exec`, `pods/attach`, `pods/portforward`: passed on to the kubelet of the pod's node. WebSockets begin with GET, and yet change something: whoever opens
/// one must be allowed to create it.
final class PodStreams {

    private final Kubelets kubelets;
    private final Authorizer authorizer;
    private final Passage passage;

    PodStreams(Kubelets kubelets, Authorizer authorizer, Timeline timeline) {
        this.kubelets = kubelets;
        this.authorizer = authorizer;
        this.passage = new Passage(kubelets.client(true), timeline);
    }

    void exec(Pod pod, Opened opened) throws IOException, InterruptedException {
        process(pod, opened, "exec");
    }

    void attach(Pod pod, Opened opened) throws IOException, InterruptedException {
        process(pod, opened, "attach");
    }

    private void process(Pod pod, Opened opened, String what) throws IOException, InterruptedException {
        authorizeCreate(pod, opened, what);
        Query query = Query.parseText(opened.exchange().query());
        String container = Containers.chosen(pod, query.get("container"));
        QueryText text = new QueryText()
                .addIf(query.flag("stdin"), "input", "1")
                .addIf(query.flag("stdout"), "output", "1")
                .addIf(query.flag("stderr"), "error", "1")
                .addIf(query.flag("tty"), "tty", "1");
        if (what.equals("exec")) {
            query.all("command").forEach(word -> text.add("command", word));
        }
        passage.open(opened.exchange(), target(pod, "/" + what + "/", "/" + container + text));
    }

    void portForward(Pod pod, Opened opened) throws IOException, InterruptedException {
        authorizeCreate(pod, opened, "portforward");
        List<String> ports = Query.parseText(opened.exchange().query()).all("ports");
        QueryText text = new QueryText().addIf(!ports.isEmpty(), "port", String.join(",", ports));
        URI target = target(pod, "/portForward/", text.toString());
        if (Passage.tunnels(opened.exchange()) && !kubelets.takesWebSockets(pod.spec().nodeName())) {
            passage.openTunnel(opened.exchange(), target);
        } else {
            passage.open(opened.exchange(), target);
        }
    }

    private URI target(Pod pod, String before, String after) {
        if (pod.spec().nodeName().isEmpty()) {
            throw Refusal.badRequest("pod " + pod.metadata().name() + " does not have a host assigned");
        }
        return URI.create(kubelets.address(pod.spec().nodeName()) + before + pod.metadata().namespace() + "/" + pod.metadata().name() + after);
    }

    private void authorizeCreate(Pod pod, Opened opened, String subresource) {
        Passing.expectNoRest(opened);
        if (opened.exchange().method().equals("POST")) {
            return; // has been asked for the request itself
        }
        Attributes attributes = Attributes.ofResource(opened.user(), "create", "", "v1", "pods", subresource, pod.metadata().namespace(), pod.metadata().name());
        if (!(authorizer.authorize(attributes) instanceof Decision.Allow)) {
            throw Access.forbidden(attributes);
        }
    }
}
