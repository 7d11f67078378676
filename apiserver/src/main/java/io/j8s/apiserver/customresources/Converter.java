package io.j8s.apiserver.customresources;

import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;
import java.util.List;

/// Makes objects of one version of a custom resource into objects of another.
interface Converter {

    /// Strategy `None`: only the version's name changes, and what the other version does not know is gone.
    Converter NONE = new Converter() {
        @Override
        public List<DynamicStruct> convert(List<DynamicStruct> objects, CustomVersion from, CustomVersion to) {
            return objects.stream().map(object -> (DynamicStruct) to.schema().readConverted(PlainJson.of(object))).toList();
        }

        @Override
        public boolean isCostly() {
            return false;
        }
    };

    /// As many objects as were given, in their order.
    ///
    /// @throws io.j8s.apiserver.status.Refusal when they cannot be converted
    List<DynamicStruct> convert(List<DynamicStruct> objects, CustomVersion from, CustomVersion to);

    /// Whether results are worth being kept.
    boolean isCostly();
}
