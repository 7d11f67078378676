package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.PerVersion;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.SelectableField;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.schema.CustomSchema;
import io.j8s.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The declaration of a custom resource, made from its definition. Objects are held in the version that they were stored or sent in, and the server works on each request in the
/// request's version, as upstream does; only what is stored is brought into the definition's storage version.
final class CustomDeclaration {

    private final CustomResourceDefinition definition;
    private final List<CustomVersion> versions = new ArrayList<>();
    private final CustomVersion stored;
    private final Conversions conversions;

    /// @param converter makes an object of one version into one of another
    CustomDeclaration(CustomResourceDefinition definition, Converter converter) {
        this.definition = definition;
        CustomVersion storage = null;
        for (CustomResourceDefinitionVersion declared : definition.spec().versions()) {
            CustomVersion version = new CustomVersion(definition, declared);
            versions.add(version);
            storage = declared.storage() ? version : storage;
        }
        if (storage == null) {
            throw new IllegalArgumentException(definition.metadata().name() + ": none of its versions is the one that is stored");
        }
        this.stored = storage;
        this.conversions = new Conversions(converter, versions);
    }

    List<CustomVersion> versions() {
        return versions;
    }

    Resource<DynamicStruct> resource() {
        var names = definition.status().acceptedNames();
        ResourceBuilder<DynamicStruct> resource = Resource.of(stored.resource())
                .storedAt(definition.spec().group() + "/" + definition.spec().names().plural())
                .storedAsJson()
                .singular(names.singular())
                .shortNames(names.shortNames().toArray(String[]::new))
                .categories(names.categories().toArray(String[]::new))
                .updatesOnlyConditionally()
                .createRules((object, errors) -> refuseWhileEnding(object))
                .warnings(FinalizerWarnings::of)
                .heldInAnyVersion(object -> conversions.in(stored, object))
                .storedBy(this::readStored)
                .keeps(this::kept, kept -> (DynamicStruct) stored.schema().withDefaults(kept))
                .prepareCreate((sent, context) -> hasStatusApart(sent) ? Parts.withoutStatus(sent) : sent)
                .prepareUpdate((sent, old, context) -> hasStatusApart(sent) ? Parts.keepStatus(sent, old) : sent)
                .generation((object, old) -> !same(object, old, hasStatusApart(object)))
                .hubNotServed();
        if (definition.metadata().hasDeletionTimestamp()) {
            resource.announces(Verb.DELETE, Verb.DELETECOLLECTION, Verb.GET, Verb.LIST, Verb.WATCH);
        }
        boolean unreachable = versions.stream().noneMatch(version -> version.declared().served());
        if (stored.declared().served() || (unreachable && definition.metadata().hasDeletionTimestamp())) { // then who deletes its objects must reach them
            resource.alsoServed(version(stored));
        }
        versions.stream().filter(version -> version != stored && version.declared().served()).forEach(version -> resource.alsoServed(version(version)));
        return resource.build();
    }

    /// Whether `status` of an object is written through a subresource of its own.
    private boolean hasStatusApart(DynamicStruct object) {
        return conversions.of(object).declared().subresources().hasStatus() && object.structType().field("status") != null;
    }

    /// An object in the version that is stored, without what that version does not know.
    private DynamicStruct kept(DynamicStruct object) {
        return conversions.of(object) == stored ? (DynamicStruct) stored.schema().readConverted(PlainJson.of(object)) : conversions.in(stored, object);
    }

    /// The fields of a version that selectors may name.
    private static List<SelectableField<DynamicStruct>> selectable(CustomVersion version) {
        return version.declared().selectableFields().stream().map(field -> {
            JsonPath path = JsonPath.of(field.jsonPath());
            return new SelectableField<DynamicStruct>(
                    field.jsonPath().substring(1), object -> String.valueOf(java.util.Objects.requireNonNullElse(path.first(PlainJson.of(object)), "")));
        }).toList();
    }

    /// An object as it was stored, in the version in which it was stored, served or not.
    private Struct readStored(Object plain) {
        Object apiVersion = plain instanceof Map<?, ?> map ? map.get("apiVersion") : null;
        for (CustomVersion version : versions) {
            if (version.resource().apiVersion().equals(apiVersion)) {
                return version.readStored(plain);
            }
        }
        return apiVersion instanceof String named && named.startsWith(definition.spec().group() + "/")
                ? foreign(named.substring(definition.spec().group().length() + 1)).readStored(plain)
                : stored.readStored(plain);
    }

    /// What a version that the definition has no more is known by: nothing. Who asks for such an object is told.
    private CustomSchema foreign(String version) {
        return new CustomSchema(definition.spec().group(), version, definition.spec().names().kind(), Schema.OPEN);
    }

    private Version<DynamicStruct, DynamicStruct> version(CustomVersion version) {
        UnaryOperator<DynamicStruct> working = object -> conversions.in(version, object);
        CustomSubresources subresources = CustomSubresources.of(version, working);
        PerVersion<DynamicStruct> own = new PerVersion<>(
                PrinterColumns.of(version.declared().additionalPrinterColumns()), subresources.all(), subresources.resets(),
                Deprecation.of(definition.spec(), version.declared()), working, objects -> conversions.together(version, objects));
        return new Version<>(version.resource(), UnaryOperator.identity(), UnaryOperator.identity(), working, selectable(version), new CustomRules(version), version, own);
    }

    /// Nothing new is taken in while the definition, and with it all objects, is being deleted.
    private void refuseWhileEnding(DynamicStruct object) {
        if (definition.metadata().hasDeletionTimestamp()) {
            throw Refusal.forbidden(
                    definition.spec().group(), definition.spec().names().plural(), Objects.metadata(object).name(),
                    "create not allowed while custom resource definition is terminating");
        }
    }

    /// Whether two states differ in nothing but metadata (and status, when it is a part of its own).
    private static boolean same(DynamicStruct object, DynamicStruct old, boolean withoutStatus) {
        DynamicStruct one = Objects.withMetadata(object, Objects.metadata(old));
        DynamicStruct compared = withoutStatus ? Parts.keepStatus(one, old) : one;
        // An object that was read before the definition changed is of the type of that time.
        return compared.equals(old) || !compared.structType().equals(old.structType()) && PlainJson.of(compared).equals(PlainJson.of(old));
    }

    /// The schema of one version, for OpenAPI.
    static Map<String, Object> document(CustomVersion version) {
        Map<String, Object> document = version.document();
        return document == null ? Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true) : document;
    }
}
