package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.schema.CustomSchema;
import io.j8s.model.schema.Schema;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One version of a custom resource: its name in the API, its schema, and how its objects are read. Immutable.
final class CustomVersion implements ObjectReader {

    private final CustomResourceDefinitionVersion declared;
    private final @Nullable Map<String, Object> document;
    private final CustomSchema schema;
    private final ApiResource<DynamicStruct> resource;

    CustomVersion(CustomResourceDefinition definition, CustomResourceDefinitionVersion declared) {
        this.declared = declared;
        var spec = definition.spec();
        this.document = declared.schema().hasOpenAPIV3Schema() ? PlainJson.of(declared.schema().openAPIV3Schema()) : null;
        this.schema = new CustomSchema(spec.group(), declared.name(), spec.names().kind(), document == null ? Schema.OPEN : Schema.of(document));
        this.resource = new ApiResource<>(
                spec.group(), declared.name(), spec.names().plural(), spec.names().kind(), spec.scope().equals("Namespaced"), schema.type(), schema.listType());
    }

    CustomResourceDefinitionVersion declared() {
        return declared;
    }

    /// The schema as the definition says it; null without one.
    @Nullable Map<String, Object> document() {
        return document;
    }

    CustomSchema schema() {
        return schema;
    }

    ApiResource<DynamicStruct> resource() {
        return resource;
    }

    @Override
    public Struct read(Object plain, Consumer<String> findings) {
        return schema.read(plain, findings);
    }

    @Override
    public Struct readStored(Object plain) {
        return schema.readStored(plain);
    }

    /// An object of another version as one of this: where nothing is to be converted, only the version's name changes.
    DynamicStruct renamed(DynamicStruct other) {
        if (other.structType() == schema.type()) {
            return other;
        }
        Map<String, Object> plain = new java.util.LinkedHashMap<>(PlainJson.of(other));
        plain.put("apiVersion", resource.apiVersion());
        return (DynamicStruct) schema.readStored(plain);
    }
}
