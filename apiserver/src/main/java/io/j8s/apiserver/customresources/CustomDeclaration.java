package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.SelectableField;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Field;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.apiextensions.v1.CustomResourceSubresources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The declaration of a custom resource, made from its definition. What the definition's storage version says is the hub.
final class CustomDeclaration {

    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

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
            CustomVersion version = new CustomVersion(definition, declared, declared.storage());
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
        ResourceBuilder<DynamicStruct> resource = Resource.of(stored.resource())
                .storedAt(definition.spec().group() + "/" + definition.spec().names().plural())
                .storedAsJson()
                .readBy(stored)
                .singular(names.singular())
                .shortNames(names.shortNames().toArray(String[]::new))
                .categories(names.categories().toArray(String[]::new))
                .updatesOnlyConditionally()
                .createRules((object, errors) -> refuseWhileEnding(object))
                .hubRules(new CustomRules(stored, UnaryOperator.identity()))
                .warnings(FinalizerWarnings::of)
                .storedBy(this::readStored)
                .keeps(object -> (DynamicStruct) stored.schema().readConverted(PlainJson.of(object)));
        if (definition.metadata().hasDeletionTimestamp()) {
            resource.announces(Verb.DELETE, Verb.DELETECOLLECTION, Verb.GET, Verb.LIST, Verb.WATCH);
        }
        if (!stored.declared().served()) {
            resource.hubNotServed();
        }
        versions.stream().filter(version -> version != stored && version.declared().served()).forEach(version -> resource.alsoServed(version(version)));
        subresources(resource);
        PrinterColumns.add(resource, stored.declared().additionalPrinterColumns());
        selectable(stored).forEach(field -> resource.selectable(field.name(), field.value()));
        return resource.build();
    }

    /// The fields of a version that selectors may name. Values are looked up in what is stored, as upstream does when nothing has to be converted.
    private List<SelectableField<DynamicStruct>> selectable(CustomVersion version) {
        return version.declared().selectableFields().stream().map(field -> {
            JsonPath path = JsonPath.of(field.jsonPath());
            return new SelectableField<DynamicStruct>(
                    field.jsonPath().substring(1), object -> String.valueOf(java.util.Objects.requireNonNullElse(path.first(PlainJson.of(object)), "")));
        }).toList();
    }

    /// An object as it was stored, in whatever version, served or not.
    private Struct readStored(Object plain) {
        Object apiVersion = plain instanceof Map<?, ?> map ? map.get("apiVersion") : null;
        for (CustomVersion version : versions) {
            if (version != stored && version.resource().apiVersion().equals(apiVersion)) {
                return converter.convert((DynamicStruct) version.readStored(plain), version, stored);
            }
        }
        return stored.readStored(plain);
    }

    private Version<DynamicStruct, DynamicStruct> version(CustomVersion version) {
        UnaryOperator<DynamicStruct> fromHub = object -> converter.convert(object, stored, version);
        return new Version<>(
                version.resource(), UnaryOperator.identity(), object -> converter.convert(object, version, stored), fromHub, selectable(version),
                new CustomRules(version, fromHub), version);
    }

    /// Nothing new is taken in while the definition, and with it all objects, is being deleted.
    private void refuseWhileEnding(DynamicStruct object) {
        if (definition.metadata().hasDeletionTimestamp()) {
            throw Refusal.forbidden(
                    definition.spec().group(), definition.spec().names().plural(), Objects.metadata(object).name(),
                    "create not allowed while custom resource definition is terminating");
        }
    }

    private void subresources(ResourceBuilder<DynamicStruct> resource) {
        CustomResourceSubresources declared = stored.declared().subresources();
        Field status = stored.resource().type().field("status");
        if (declared.hasStatus() && status != null) {
            resource.status(Parts::onlyStatusWithoutMetadata, (object, old, errors) -> {});
        } else if (declared.hasStatus()) {
            resource.subresource(new Subresource.Part<>(
                    "status", (sent, kept, context) -> Objects.withMetadata(kept, Objects.metadata(kept).withManagedFields(Objects.metadata(sent).managedFields())),
                    (object, old, errors) -> {}));
            stored.resource().type().fields().stream().map(Field::name).filter(name -> !META.contains(name)).forEach(name -> resource.resets("status", name));
        }
        if (declared.hasStatus()) {
            resource.resets("status", "metadata").resets("status", "spec");
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
