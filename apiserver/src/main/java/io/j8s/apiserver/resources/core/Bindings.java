package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.core.v1.Binding;

/// `bindings`: an older place for what is done at `pods/NAME/binding`.
final class Bindings {

    private Bindings() {}

    static Resource<Binding> resource() {
        return Resource.of(Binding.RESOURCE).answeredBy(PodBinding::bindNamed).build();
    }
}
