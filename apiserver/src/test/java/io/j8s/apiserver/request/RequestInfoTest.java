package io.j8s.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RequestInfoTest {

    @Test
    void namesWhatThePathIsAbout() {
        RequestInfo pod = of("GET", "/api/v1/namespaces/a/pods/p/log");
        assertThat(pod.aboutResource()).isTrue();
        assertThat(pod.verb()).isEqualTo("get");
        assertThat(pod.namespace()).isEqualTo("a");
        assertThat(pod.resource()).isEqualTo("pods");
        assertThat(pod.name()).isEqualTo("p");
        assertThat(pod.subresource()).isEqualTo("log");
        RequestInfo scale = of("PUT", "/apis/apps/v1/namespaces/a/deployments/d/scale");
        assertThat(scale.group()).isEqualTo("apps");
        assertThat(scale.verb()).isEqualTo("update");
        assertThat(scale.subresource()).isEqualTo("scale");
    }

    @Test
    void tellsCollectionsFromObjects() {
        assertThat(of("GET", "/api/v1/pods").verb()).isEqualTo("list");
        assertThat(of("DELETE", "/api/v1/namespaces/a/pods").verb()).isEqualTo("deletecollection");
        assertThat(RequestInfo.of("GET", "/api/v1/pods", Query.parseText("watch=1")).verb()).isEqualTo("watch");
        assertThat(RequestInfo.of("GET", "/api/v1/pods", Query.parseText("watch=false")).verb()).isEqualTo("list");
        assertThat(of("GET", "/api/v1/watch/namespaces/a/pods").legacyWatch()).isTrue();
    }

    @Test
    void aNamespaceIsItsOwnNamespace() {
        RequestInfo status = of("PATCH", "/api/v1/namespaces/a/status");
        assertThat(status.resource()).isEqualTo("namespaces");
        assertThat(status.name()).isEqualTo("a");
        assertThat(status.namespace()).isEqualTo("a");
        assertThat(status.subresource()).isEqualTo("status");
    }

    @Test
    void aSelectedNameIsWhatPermissionIsAskedFor() {
        assertThat(RequestInfo.of("GET", "/api/v1/pods", Query.parseText("fieldSelector=metadata.name%3Dp")).name()).isEqualTo("p");
    }

    @Test
    void otherPathsAreNotAboutResources() {
        assertThat(of("GET", "/healthz").aboutResource()).isFalse();
        assertThat(of("GET", "/apis/apps/v1").aboutResource()).isFalse();
        assertThat(of("GET", "/healthz").verb()).isEqualTo("get");
    }

    @Test
    void theRestOfAPathIsKeptForProxies() {
        assertThat(of("GET", "/api/v1/namespaces/a/services/s/proxy/x/y/").rest()).isEqualTo("/x/y/");
    }

    private static RequestInfo of(String method, String path) {
        return RequestInfo.of(method, path, Query.NONE);
    }
}
