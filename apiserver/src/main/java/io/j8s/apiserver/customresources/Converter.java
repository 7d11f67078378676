package io.j8s.apiserver.customresources;

import io.j8s.model.DynamicStruct;

/// Makes an object of one version of a custom resource into one of another.
@FunctionalInterface
interface Converter {

    /// Strategy `None`: only the version's name changes.
    Converter NONE = (object, from, to) -> to.renamed(object);

    DynamicStruct convert(DynamicStruct object, CustomVersion from, CustomVersion to);
}
