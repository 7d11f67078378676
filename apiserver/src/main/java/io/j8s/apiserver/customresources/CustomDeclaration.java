package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.EmbeddedObjects;
import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Field;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.apiextensions.v1.CustomResourceSubresources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The declaration of a custom resource, made from its definition. What the definition's storage version says is the hub.
final class CustomDeclaration {

    private final CustomResourceDefinition definition;
    private final List<CustomVersion> versions = new ArrayList<>();
    private final CustomVersion stored;
    private final Converter converter;

    /// @param converter makes an object of one version into one of another
    CustomDeclaration(CustomResourceDefinition definition, Converter converter) {
        this.definition = definition;
        this.converter = converter;
        CustomVersion hub = null;
        for (CustomResourceDefinitionVersion declared : definition.spec().versions()) {
            CustomVersion version = new CustomVersion(definition, declared);
            versions.add(version);
            hub = declared.storage() ? version : hub;
        }
        if (hub == null) {
            throw new IllegalArgumentException(definition.metadata().name() + ": none of its versions is the one that is stored");
        }
        this.stored = hub;
    }

    List<CustomVersion> versions() {
        return versions;
    }

    Resource<DynamicStruct> resource() {
        var names = definition.status().acceptedNames();
        Resource.Builder<DynamicStruct> resource = Resource.of(stored.resource())
                .storedAt(definition.spec().group() + "/" + definition.spec().names().plural())
                .storedAsJson()
                .readBy(stored)
                .singular(names.singular())
                .shortNames(names.shortNames().toArray(String[]::new))
                .categories(names.categories().toArray(String[]::new))
                .updatesOnlyConditionally()
                .createRules((object, errors) -> refuseWhileEnding())
                .rules(this::validate);
        if (definition.metadata().hasDeletionTimestamp()) {
            resource.announces(Verb.DELETE, Verb.DELETECOLLECTION, Verb.GET, Verb.LIST, Verb.WATCH);
        }
        if (!stored.declared().served()) {
            resource.hubNotServed();
        }
        versions.stream().filter(version -> version != stored && version.declared().served()).forEach(version -> resource.alsoServed(version(version)));
        subresources(resource);
        PrinterColumns.add(resource, stored.declared().additionalPrinterColumns());
        stored.declared().selectableFields().forEach(field -> {
            JsonPath path = JsonPath.of(field.jsonPath());
            resource.selectable(field.jsonPath().substring(1), object -> String.valueOf(java.util.Objects.requireNonNullElse(path.first(PlainJson.of(object)), "")));
        });
        return resource.build();
    }

    private Version<DynamicStruct, DynamicStruct> version(CustomVersion version) {
        return new Version<>(
                version.resource(), UnaryOperator.identity(), object -> converter.convert(object, version, stored), object -> converter.convert(object, stored, version), List.of(),
                (object, old, errors) -> {}, version);
    }

    /// Nothing new is taken in while the definition, and with it all objects, is being deleted.
    private void refuseWhileEnding() {
        if (definition.metadata().hasDeletionTimestamp()) {
            var names = definition.spec().names();
            throw new Refusal(
                    405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating",
                    Refusal.Details.of(definition.spec().group(), names.plural(), ""));
        }
    }

    private void validate(DynamicStruct object, FieldErrors errors) {
        stored.schema().validate(object).forEach(problem -> errors.add(CustomProblems.error(problem)));
        errors.addAll(EmbeddedObjects.check(stored.schema().schema(), PlainJson.of(object), "", false));
    }

    private void subresources(Resource.Builder<DynamicStruct> resource) {
        CustomResourceSubresources declared = stored.declared().subresources();
        Field status = stored.schema().type().field("status");
        if (declared.hasStatus() && status != null) {
            resource.status((object, old, errors) -> validate(object, errors));
        } else if (declared.hasStatus()) {
            resource.subresource(new Subresource.Part<>("status", (sent, kept, context) -> Objects.withMetadata(kept, Objects.metadata(sent)), (object, old, errors) -> {}));
        }
        boolean apart = declared.hasStatus() && status != null;
        resource.generation((object, old) -> !same(object, old, apart));
        if (declared.hasScale()) {
            resource.subresource(ScaleView.of(stored, declared.scale()));
        }
    }

    /// Whether two states differ in nothing but metadata (and status, when it is a part of its own).
    private static boolean same(DynamicStruct object, DynamicStruct old, boolean withoutStatus) {
        DynamicStruct one = Objects.withMetadata(object, Objects.metadata(old));
        return (withoutStatus ? Parts.keepStatus(one, old) : one).equals(old);
    }

    /// The schema of one version, for OpenAPI.
    static Map<String, Object> document(CustomVersion version) {
        Map<String, Object> document = version.document();
        return document == null ? Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true) : document;
    }
}
