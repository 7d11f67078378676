package io.j8s.apiserver.resources.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Specifications that are like one in which nothing was found.
class FaultlessSpecsTest {

    private final FaultlessSpecs known = new FaultlessSpecs();

    private static Pod pod(String volume, String mount, String image) {
        return (Pod) Json.read(Pod.TYPE, """
                {"metadata":{"name":"p"},"spec":{"restartPolicy":"Always","dnsPolicy":"ClusterFirst","terminationGracePeriodSeconds":30,
                 "containers":[{"name":"c","image":"%s","imagePullPolicy":"Always","terminationMessagePolicy":"File","terminationMessagePath":"/dev/termination-log",
                   "volumeMounts":[{"name":"%s","mountPath":"/token","readOnly":true}]}],
                 "volumes":[{"name":"%s","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}]}}]}}""".formatted(image, mount, volume));
    }

    private String found(Pod pod) {
        FieldErrors errors = new FieldErrors();
        PodRules.rules(pod, known, errors);
        FieldErrors again = new FieldErrors();
        PodRules.rules(pod, again);
        assertThat(errors.list()).as("what the rules say of it that know no other").isEqualTo(again.list());
        return String.join(",", errors.list().stream().map(FieldError::field).toList());
    }

    @Test
    void a_pod_that_differs_in_the_generated_name_of_its_token_volume_only_is_known() {
        assertThat(found(pod("kube-api-access-abcde", "kube-api-access-abcde", "i"))).isEmpty();
        assertThat(known.holds(pod("kube-api-access-abcde", "kube-api-access-abcde", "i").spec())).isTrue();
        assertThat(known.holds(pod("kube-api-access-2468z", "kube-api-access-2468z", "i").spec())).isTrue();
        assertThat(found(pod("kube-api-access-2468z", "kube-api-access-2468z", "i"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kube-api-access-2468z, kube-api-access-abcde, i, spec.containers[0].volumeMounts[0].name",
        "kube-api-access-abcde, kube-api-access-2468z, i, spec.containers[0].volumeMounts[0].name",
        "kube-api-access-ABCDE, kube-api-access-ABCDE, i, 'spec.volumes[0].name,spec.containers[0].volumeMounts[0].name'",
        "kube-api-access-abcde, kube-api-access-abcde, ' i', spec.containers[0].image",
        "other-volume, other-volume, i, ''",
    })
    void whatever_else_differs_is_looked_at(String volume, String mount, String image, String places) {
        assertThat(found(pod("kube-api-access-abcde", "kube-api-access-abcde", "i"))).isEmpty();
        Pod pod = pod(volume, mount, image);
        assertThat(known.holds(pod.spec())).isFalse();
        assertThat(found(pod)).isEqualTo(places);
    }

    @Test
    void what_is_wrong_is_not_remembered() {
        Pod pod = pod("kube-api-access-abcde", "another", "i");
        assertThat(found(pod)).isNotEmpty();
        assertThat(found(pod)).isNotEmpty();
    }
}
