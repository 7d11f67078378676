package io.j8s.apiserver.customresources;

import io.j8s.apiserver.cel.RuleTree;
import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.schema.CustomSchema;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.UnionSchema;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One version of a custom resource: its name in the API, its schema, and how its objects are read. Immutable.
final class CustomVersion implements ObjectReader {

    private static final Map<String, Object> OPEN = Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true);
    private static final Map<String, Object> WITH_STATUS =
            Map.of("type", "object", "properties", Map.of("status", Map.of("x-kubernetes-preserve-unknown-fields", true)));

    private final CustomResourceDefinitionVersion declared;
    private final CustomSchema schema;
    private final ApiResource<DynamicStruct> resource;
    private final @Nullable RuleTree rules;

    CustomVersion(CustomResourceDefinition definition, CustomResourceDefinitionVersion declared) {
        this.declared = declared;
        var spec = definition.spec();
        Map<String, Object> document = document(declared);
        Schema own = document == null ? Schema.OPEN : Schema.of(document);
        this.schema = new CustomSchema(spec.group(), declared.name(), spec.names().kind(), own, holding(document, own));
        this.rules = RuleTree.of(schema.schema(), true);
        this.resource = new ApiResource<>(
                spec.group(), declared.name(), spec.names().plural(), spec.names().kind(), spec.scope().equals("Namespaced"), schema.type(), schema.listType());
    }

    /// The rules of the schema in CEL; null without any.
    @Nullable RuleTree rules() {
        return rules;
    }

    CustomResourceDefinitionVersion declared() {
        return declared;
    }

    /// The schema as the definition says it; null without one. It is made anew: nobody needs it often enough to keep it.
    @Nullable Map<String, Object> document() {
        return document(declared);
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

    private static @Nullable Map<String, Object> document(CustomResourceDefinitionVersion declared) {
        return declared.schema().hasOpenAPIV3Schema() ? PlainJson.of(declared.schema().openAPIV3Schema()) : null;
    }

    /// With a place for the status, which may be written apart where nothing is said of it.
    private Schema holding(@Nullable Map<String, Object> document, Schema own) {
        boolean statusToAdd = declared.subresources().hasStatus() && own.preservesUnknown() && !own.properties().containsKey("status");
        return statusToAdd ? Schema.of(UnionSchema.of(java.util.Objects.requireNonNullElse(document, OPEN), WITH_STATUS)) : own;
    }
}
