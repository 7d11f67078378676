package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionCondition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.apiextensions.v1.WebhookClientConfig;
import io.j8s.model.schema.Schema;
import org.jspecify.annotations.Nullable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `customresourcedefinitions.apiextensions.k8s.io`
final class CustomResourceDefinitions {

    private static final int HTTPS = 443;
    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private CustomResourceDefinitions() {}

    static Resource<CustomResourceDefinition> resource() {
        return Resource.of(CustomResourceDefinition.RESOURCE)
                .storedAt("apiextensions.k8s.io/customresourcedefinitions")
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .defaults(CustomResourceDefinitions::defaults)
                .prepareCreate((sent, context) -> storing(sent.withStatus(CustomResourceDefinitionStatus.EMPTY)))
                .prepareUpdate((sent, stored, context) -> storing(sent.withStatus(stored.status())))
                .generationOfSpec()
                .updatesOnlyConditionally()
                .createRules(DefinitionRules::checkCreate)
                .updateRules(DefinitionRules::checkUpdate)
                .status((object, old, errors) -> DefinitionRules.checkStatus(object, errors))
                .warnings(CustomResourceDefinitions::warnings)
                .heldWhile(definition -> !definition.metadata().hasDeletionTimestamp(), CustomResourceDefinitions::ending)
                .anyFinalizers()
                .build();
    }

    private static CustomResourceDefinition defaults(CustomResourceDefinition definition) {
        var names = definition.spec().names();
        CustomResourceDefinition stored = definition.status().storedVersions().isEmpty() ? storing(definition) : definition;
        CustomResourceDefinition named = stored.withSpec(spec -> spec.withNames(names
                .withSingular(names.singular().isEmpty() ? names.kind().toLowerCase(Locale.ROOT) : names.singular())
                .withListKind(names.listKind().isEmpty() && !names.kind().isEmpty() ? names.kind() + "List" : names.listKind())));
        if (!named.spec().hasConversion()) {
            return named.withSpec(spec -> spec.withConversion(conversion -> conversion.withStrategy("None")));
        }
        WebhookClientConfig client = named.spec().conversion().webhook().clientConfig();
        return client.hasService() && !client.service().hasPort()
                ? named.withSpec(spec -> spec.withConversion(conversion -> conversion.withWebhook(
                        hook -> hook.withClientConfig(config -> config.withService(service -> service.withPort(HTTPS))))))
                : named;
    }

    /// Formats that nothing is checked by, as far as they are new.
    private static List<String> warnings(CustomResourceDefinition definition, @Nullable CustomResourceDefinition old) {
        List<String> formats = unknownFormats(definition);
        if (old != null) {
            formats.removeAll(unknownFormats(old));
        }
        return formats.stream().map(format -> "unrecognized format \"" + format + "\"").toList();
    }

    private static List<String> unknownFormats(CustomResourceDefinition definition) {
        List<String> unknown = new ArrayList<>();
        DefinitionRules.schemas(definition.spec()).stream().distinct().forEach(schema -> schema.any(node -> {
            if (!node.text("format").isEmpty() && !Schema.isFormat(node.type(), node.text("format"))) {
                unknown.add(node.text("format"));
            }
            return false;
        }));
        return unknown;
    }

    /// Names the version that is stored now among those that the store may hold.
    private static CustomResourceDefinition storing(CustomResourceDefinition definition) {
        List<String> versions = new ArrayList<>(definition.status().storedVersions());
        definition.spec().versions().stream()
                .filter(CustomResourceDefinitionVersion::storage)
                .limit(1)
                .filter(version -> !versions.contains(version.name()))
                .forEach(version -> versions.add(version.name()));
        return definition.withStatus(status -> status.withStoredVersions(versions));
    }

    /// A definition stays until its objects are gone.
    private static CustomResourceDefinition ending(CustomResourceDefinition definition) {
        List<String> finalizers = new ArrayList<>(definition.metadata().finalizers());
        if (!finalizers.contains(CLEANUP)) {
            finalizers.add(CLEANUP);
        }
        List<CustomResourceDefinitionCondition> conditions = new ArrayList<>(definition.status().conditions());
        conditions.add(CustomResourceDefinitionCondition.EMPTY.withType("Terminating").withStatus("True").withReason("InstanceDeletionPending")
                .withMessage("CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon")
                .withLastTransitionTime(definition.metadata().deletionTimestamp()));
        return definition.withMetadata(meta -> meta.withFinalizers(finalizers)).withStatus(status -> status.withConditions(conditions));
    }
}
