package io.j8s.apiserver.resources.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is found wrong with pods, by tables: the places are those that clients see.
class PodRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"azureDisk":{"diskName":"d","diskURI":"x","kind":"Managed"}}                 | v.azureDisk.diskURI
            {"azureDisk":{"diskName":"d","diskURI":"https://x","kind":"Shared"}}          |
            {"quobyte":{"registry":"host","volume":"v"}}                                  | v.quobyte.registry
            {"quobyte":{"registry":"host:1,[::1]:2","volume":"v"}}                        |
            {"storageos":{"volumeName":"Bad_"}}                                           | v.storageos.volumeName
            {"cinder":{"volumeID":"i","secretRef":{}}}                                    | v.cinder.secretRef.name
            {"iscsi":{"targetPortal":"p","iqn":"iqn.2001-04.com.example:a","lun":1}}      |
            {"iscsi":{"targetPortal":"p","iqn":"zork","lun":300}}                         | v.iscsi.iqn,v.iscsi.lun
            {"iscsi":{"targetPortal":"p","iqn":"zork","chapAuthSession":true}}            | v.iscsi.iqn,v.iscsi.secretRef
            {"gcePersistentDisk":{"pdName":"p","partition":300}}                          | v.persistentDisk.partition
            {"csi":{}}                                                                    | v.csi.driver
            {"flocker":{"datasetName":"a/b"}}                                             | v.flocker.datasetName
            """)
    void volumes_are_checked_by_the_rules_of_their_kind(String volume, String places) {
        FieldErrors errors = new FieldErrors();
        VolumeSourceRules.ofVolume((Volume) Json.read(Volume.TYPE, volume), true, FieldPath.of("v"), errors);
        assertThat(places(errors)).isEqualTo(places == null ? "" : places);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"spec":{"os":{"name":"windows"},"hostPID":true}}                                              | spec.hostPID
            {"spec":{"os":{"name":"windows"},"securityContext":{"runAsUser":1}}}                           | spec.securityContext.runAsUser
            {"spec":{"os":{"name":"windows"},"containers":[{"securityContext":{"privileged":false}}]}}     | spec.containers[0].securityContext.privileged
            {"spec":{"os":{"name":"linux"},"securityContext":{"windowsOptions":{}}}}                       | spec.securityContext.windowsOptions
            {"spec":{"os":{"name":"plan9"}}}                                                               | spec.os
            {"spec":{"os":{}}}                                                                             | spec.os.name
            {"spec":{"os":{"name":"linux"},"hostPID":true}}                                                |
            """)
    void pods_set_only_what_their_operating_system_has(String pod, String places) {
        FieldErrors errors = new FieldErrors();
        PodSystemRules.check(((Pod) Json.read(Pod.TYPE, pod)).spec(), FieldPath.of("spec"), errors);
        assertThat(places(errors)).isEqualTo(places == null ? "" : places);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.5                  | true
            1500m                | true
            2Gi                  | false
            1e30                 | false
            12345678901234567890 | true
            """)
    void fractions_of_bytes_are_warned_of(String memory, boolean warned) {
        Pod pod = (Pod) Json.read(Pod.TYPE, """
                {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","resources":{"limits":{"memory":"%s"}}}]}}""".formatted(memory));
        List<String> warnings = PodWarnings.of(pod, null, new FaultlessSpecs());
        assertThat(warnings.stream().anyMatch(text -> text.contains("fractional byte value"))).isEqualTo(warned);
    }

    private static String places(FieldErrors errors) {
        return String.join(",", errors.list().stream().map(FieldError::field).toList());
    }
}
