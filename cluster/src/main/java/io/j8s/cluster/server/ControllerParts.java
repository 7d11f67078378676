package io.j8s.cluster.server;

import io.j8s.client.queue.QueueMetrics;
import io.j8s.controllers.ControllerManager;
import io.j8s.controllers.ControllerSelection;
import io.j8s.controllers.Settings;
import java.util.Map;

/// How controllers run beside an API server of ours: each writes as its own service account, as upstream's with `--use-service-account-credentials`.
final class ControllerParts {
    private ControllerParts() {}

    static ControllerManager.Parts of(Identities identities, ClusterPki pki) {
        return new ControllerManager.Parts(identities.of("system:kube-controller-manager"), identities.admin(),
                name -> identities.of("system:serviceaccount:kube-system:" + name, "system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"),
                Settings.DEFAULT, ControllerSelection.DEFAULT, Map.of(), null, name -> QueueMetrics.NONE);
    }
}
