package io.j8s.controllers;

import io.j8s.controllers.attachdetach.AttachDetachController;
import io.j8s.controllers.certificates.CertificateSettings;
import io.j8s.controllers.cloud.CloudSettings;
import io.j8s.controllers.nodeipam.NodeIpamSettings;
import io.j8s.controllers.nodelifecycle.NodeLifecycleSettings;
import io.j8s.controllers.podautoscaler.AutoscalerSettings;
import io.j8s.controllers.policystatus.PolicyTypes;
import io.j8s.controllers.serviceaccount.ServiceAccountSettings;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.controllers.volumebinding.VolumeBinder;
import java.time.Duration;

/// What controllers are told beside what the API holds: one component for each controller that has settings of its own.
///
/// @param finishedPods how many finished pods may stay (`--terminated-pod-gc-threshold`)
/// @param legacyTokenPeriod how long a legacy token must not have been used (`--legacy-service-account-token-clean-up-period`)
/// @param policyTypes checks the expressions of admission policies
/// @param autoscaler the flags `--horizontal-pod-autoscaler-*`
/// @param cloud the cloud provider whose loops run here, if any
/// @param quotaPeriod after which everything that a quota limits is counted again (`--resource-quota-sync-period`)
/// @param startInterval between the starts of two controllers (`--controller-start-interval`)
public record Settings(
        ServiceAccountSettings serviceAccounts,
        CertificateSettings certificates,
        NodeLifecycleSettings nodeLifecycle,
        NodeIpamSettings nodeIpam,
        int finishedPods,
        AttachDetachController.Settings attachDetach,
        Duration legacyTokenPeriod,
        PolicyTypes policyTypes,
        AutoscalerSettings autoscaler,
        CloudSettings cloud,
        EndpointSettings endpoints,
        Duration quotaPeriod,
        VolumeBinder.Settings volumeBinder,
        Duration startInterval) {

    public static final Settings DEFAULT = new Settings(
            ServiceAccountSettings.DEFAULT,
            CertificateSettings.DEFAULT,
            NodeLifecycleSettings.DEFAULT,
            NodeIpamSettings.DEFAULT,
            12_500,
            AttachDetachController.Settings.DEFAULT,
            Duration.ofDays(365),
            PolicyTypes.UNCHECKED,
            AutoscalerSettings.DEFAULT,
            CloudSettings.NONE,
            EndpointSettings.DEFAULT,
            Duration.ofMinutes(5),
            VolumeBinder.Settings.DEFAULT,
            Duration.ZERO);

    public Settings withServiceAccounts(ServiceAccountSettings value) {
        return new Settings(value, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withCertificates(CertificateSettings value) {
        return new Settings(serviceAccounts, value, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withNodeLifecycle(NodeLifecycleSettings value) {
        return new Settings(serviceAccounts, certificates, value, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withNodeIpam(NodeIpamSettings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, value, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withFinishedPods(int value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, value, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withAttachDetach(AttachDetachController.Settings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, value, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withLegacyTokenPeriod(Duration value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, value, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withPolicyTypes(PolicyTypes value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, value, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withAutoscaler(AutoscalerSettings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, value, cloud, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withCloud(CloudSettings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, value, endpoints, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withEndpoints(EndpointSettings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, value, quotaPeriod, volumeBinder, startInterval);
    }

    public Settings withQuotaPeriod(Duration value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, value, volumeBinder, startInterval);
    }

    public Settings withVolumeBinder(VolumeBinder.Settings value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, value, startInterval);
    }

    public Settings withStartInterval(Duration value) {
        return new Settings(serviceAccounts, certificates, nodeLifecycle, nodeIpam, finishedPods, attachDetach, legacyTokenPeriod, policyTypes, autoscaler, cloud, endpoints, quotaPeriod, volumeBinder, value);
    }
}
