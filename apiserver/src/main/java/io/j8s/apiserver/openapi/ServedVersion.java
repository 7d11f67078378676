package io.j8s.apiserver.openapi;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ApiResource;

/// A resource in one version in which it is served.
record ServedVersion(Resource<?> resource, Version<?, ?> version) {

    ApiResource<?> api() {
        return version.resource();
    }
}
