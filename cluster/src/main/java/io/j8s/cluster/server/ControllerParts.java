package io.j8s.cluster.server;

import io.j8s.apiserver.admission.policy.PolicyTypeCheck;
import io.j8s.controllers.ControllerManager;
import io.j8s.controllers.ControllerSelection;
import io.j8s.controllers.Settings;
import io.j8s.controllers.certificates.CertificateSettings;
import io.j8s.controllers.cloud.AddressPool;
import io.j8s.controllers.cloud.BuiltInCloud;
import io.j8s.controllers.cloud.CloudSettings;
import io.j8s.controllers.nodeipam.NodeIpamSettings;
import io.j8s.controllers.podautoscaler.AutoscalerSettings;
import io.j8s.controllers.serviceaccount.ServiceAccountSettings;
import io.j8s.controllers.serviceaccount.TokenSigner;
import io.j8s.runtime.metrics.MetricRegistry;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;

/// How controllers run beside an API server of ours: each writes as its own service account, as upstream's with `--use-service-account-credentials`.
final class ControllerParts {
    private ControllerParts() {}

    static ControllerManager.Parts of(Networks networks, AddressPool loadBalancers, Identities identities, ClusterPki pki, MetricRegistry metrics) {
        KeyPair keys = pki.serviceAccountKeys();
        Settings settings = Settings.DEFAULT.withServiceAccounts(new ServiceAccountSettings(pki.authority().certificatePem(), new TokenSigner(keys.getPrivate(), keys.getPublic())))
                .withCertificates(new CertificateSettings(pki.authority().certificate(), pki.authority().key(), CertificateSettings.DEFAULT.duration()))
                .withPolicyTypes(PolicyTypeCheck::check)
                .withAutoscaler(AutoscalerSettings.DEFAULT.withMetrics(identities.remote()))
                .withCloud(CloudSettings.of(context -> new BuiltInCloud(context, loadBalancers)))
                .withNodeIpam(new NodeIpamSettings(true, List.of(networks.pods()), networks.nodePrefix(), networks.nodePrefix(), List.of()));
        return new ControllerManager.Parts(identities.component("system:kube-controller-manager"), identities.discovery(), identities::controller,
                settings, ControllerSelection.DEFAULT, Map.of(), null, metrics);
    }
}
