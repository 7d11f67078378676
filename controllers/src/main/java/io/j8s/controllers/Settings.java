package io.j8s.controllers;

import io.j8s.controllers.certificates.CertificateSettings;
import io.j8s.controllers.nodeipam.NodeIpamSettings;
import io.j8s.controllers.nodelifecycle.NodeLifecycleSettings;
import io.j8s.controllers.serviceaccount.ServiceAccountSettings;

/// What controllers are told beside what the API holds: one component for each controller that has settings of its own.
///
/// @param finishedPods how many finished pods may stay (`--terminated-pod-gc-threshold`)
public record Settings(ServiceAccountSettings serviceAccounts, CertificateSettings certificates, NodeLifecycleSettings nodeLifecycle, NodeIpamSettings nodeIpam, int finishedPods) {

    public static final Settings DEFAULT = new Settings(ServiceAccountSettings.DEFAULT, CertificateSettings.DEFAULT, NodeLifecycleSettings.DEFAULT, NodeIpamSettings.DEFAULT, 12_500);

    public Settings withServiceAccounts(ServiceAccountSettings value) {
        return new Settings(value, certificates, nodeLifecycle, nodeIpam, finishedPods);
    }

    public Settings withCertificates(CertificateSettings value) {
        return new Settings(serviceAccounts, value, nodeLifecycle, nodeIpam, finishedPods);
    }

    public Settings withNodeLifecycle(NodeLifecycleSettings value) {
        return new Settings(serviceAccounts, certificates, value, nodeIpam, finishedPods);
    }

    public Settings withNodeIpam(NodeIpamSettings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, value, finishedPods);
    }

    public Settings withFinishedPods(int value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, value);
    }
}
