package io.j8s.apiserver.customresources;

import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;

/// Makes an object of one version of a custom resource into one of another.
@FunctionalInterface
interface Converter {

    /// Strategy `None`: only the version's name changes. What the server works in can hold what any version knows; what a client is answered is no more than its
    /// version does.
    Converter NONE = (object, from, to) -> (DynamicStruct) (to.isHub() ? to.schema().readWhole(PlainJson.of(object)) : to.schema().readConverted(PlainJson.of(object)));

    DynamicStruct convert(DynamicStruct object, CustomVersion from, CustomVersion to);
}
