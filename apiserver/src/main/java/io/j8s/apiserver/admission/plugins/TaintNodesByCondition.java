package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Taint;
import java.util.ArrayList;
import java.util.List;

/// Keeps pods away from a new node until a controller has seen that it is ready.
public final class TaintNodesByCondition implements AdmissionPlugin {

    private static final Taint NOT_READY = Taint.EMPTY.withKey("node.kubernetes.io/not-ready").withEffect("NoSchedule");

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "nodes");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Node node = (Node) object;
        boolean tainted = node.spec().taints().stream().anyMatch(taint -> taint.key().equals(NOT_READY.key()) && taint.effect().equals(NOT_READY.effect()));
        if (tainted) {
            return node;
        }
        List<Taint> taints = new ArrayList<>(node.spec().taints());
        taints.add(NOT_READY);
        return node.withSpec(spec -> spec.withTaints(taints));
    }
}
