package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionNames;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for CustomResourceDefinitions. What all versions say alike, upstream keeps once, and names it so in causes: `spec.validation`, `spec.subresources`,
/// `spec.additionalPrinterColumns`, `spec.selectableFields`; what they say differently stands under `spec.versions[i]`.
final class DefinitionRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STORED_VERSIONS = FieldPath.of("status").child("storedVersions");
    private static final Set<String> SCOPES = Set.of("Cluster", "Namespaced");
    private static final int LONGEST_WARNING = 256;

    private final CustomResourceDefinitionSpec spec;
    private final @Nullable CustomResourceDefinition old;
    private final FieldErrors errors;

    private DefinitionRules(CustomResourceDefinitionSpec spec, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        this.spec = spec;
        this.old = old;
        this.errors = errors;
    }

    static void checkCreate(CustomResourceDefinition definition, FieldErrors errors) {
        String needed = definition.spec().names().plural() + "." + definition.spec().group();
        if (!definition.metadata().name().isEmpty() && !definition.metadata().name().equals(needed)) {
            errors.invalid(FieldPath.of("metadata").child("name"), definition.metadata().name(), "must be spec.names.plural+\".\"+spec.group");
        }
        check(definition, null, errors);
    }

    static void checkUpdate(CustomResourceDefinition definition, CustomResourceDefinition old, FieldErrors errors) {
        check(definition, old, errors);
    }

    private static void check(CustomResourceDefinition definition, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        DefinitionRules rules = new DefinitionRules(definition.spec(), old, errors);
        rules.spec();
        if (old != null) {
            rules.unchanged(old);
        }
        names(definition.status().acceptedNames(), FieldPath.of("status").child("acceptedNames"), errors);
        storedVersions(definition, errors);
        ApprovalRules.check(definition, old, errors);
        if (definition.spec().preserveUnknownFields() && (old == null || !old.spec().preserveUnknownFields())) {
            errors.invalid(SPEC.child("preserveUnknownFields"), true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
    }

    /// The rules for an update of the status.
    static void checkStatus(CustomResourceDefinition definition, FieldErrors errors) {
        names(definition.status().acceptedNames(), FieldPath.of("status").child("acceptedNames"), errors);
    }

    private static void storedVersions(CustomResourceDefinition definition, FieldErrors errors) {
        List<String> stored = definition.status().storedVersions();
        if (stored.isEmpty()) {
            errors.invalid(STORED_VERSIONS, stored, "must have at least one stored version");
            return;
        }
        Set<String> named = new HashSet<>();
        for (CustomResourceDefinitionVersion version : definition.spec().versions()) {
            named.add(version.name());
            if (version.storage() && !stored.contains(version.name())) {
                errors.invalid(STORED_VERSIONS, stored, "must have the storage version " + version.name());
            }
        }
        for (int i = 0; i < stored.size(); i++) {
            String version = stored.get(i);
            if (!named.contains(version)) {
                errors.invalid(STORED_VERSIONS.index(i), version, "missing from spec.versions; " + version + " was previously a storage version, and must remain in "
                        + "spec.versions until a storage migration ensures no data remains persisted in " + version + " and removes " + version + " from status.storedVersions");
            }
        }
    }

    private void unchanged(CustomResourceDefinition before) {
        CustomResourceDefinitionSpec was = before.spec();
        if (Conditions.isTrue(before, Conditions.ESTABLISHED)) {
            errors.immutable(SPEC.child("scope"), spec.scope(), was.scope());
            errors.immutable(SPEC.child("names").child("kind"), spec.names().kind(), was.names().kind());
        }
        errors.immutable(SPEC.child("group"), spec.group(), was.group());
        errors.immutable(SPEC.child("names").child("plural"), spec.names().plural(), was.names().plural());
    }

    private void spec() {
        group();
        if (spec.scope().isEmpty()) {
            errors.required(SPEC.child("scope"));
        } else if (!SCOPES.contains(spec.scope())) {
            errors.notSupported(SPEC.child("scope"), spec.scope(), SCOPES);
        }
        schemasAreThere();
        boolean hasDefaults = schemas(spec).stream().anyMatch(schema -> schema.any(s -> s.has("default")));
        if (hasDefaults && spec.preserveUnknownFields()) {
            errors.invalid(SPEC.child("preserveUnknownFields"), true, "must be false in order to use defaults in the schema");
        }
        versions();
        requiredNames();
        names(spec.names(), SPEC.child("names"), errors);
        VersionRules shared = new VersionRules(spec, old, errors);
        shared.checkShared(SPEC);
        ConversionRules.check(spec, old, errors);
    }

    private void group() {
        if (spec.group().isEmpty()) {
            errors.required(SPEC.child("group"));
        } else if (!Names.dnsSubdomain(spec.group()).isEmpty()) {
            errors.invalid(SPEC.child("group"), spec.group(), String.join(",", Names.dnsSubdomain(spec.group())));
        } else if (spec.group().indexOf('.') < 0) {
            errors.invalid(SPEC.child("group"), spec.group(), "should be a domain with at least one dot");
        }
    }

    private void schemasAreThere() {
        boolean complete = spec.versions().stream().allMatch(version -> version.schema().hasOpenAPIV3Schema());
        boolean wasComplete = old == null || old.spec().versions().stream().allMatch(version -> version.schema().hasOpenAPIV3Schema());
        if (complete || !wasComplete && spec.preserveUnknownFields()) {
            return;
        }
        for (int i = 0; i < spec.versions().size(); i++) {
            CustomResourceDefinitionVersion version = spec.versions().get(i);
            if (!version.schema().hasOpenAPIV3Schema() && (wasComplete || version.served())) {
                errors.required(SPEC.child("versions").index(i).child("schema").child("openAPIV3Schema"), wasComplete ? "" : "because otherwise all fields are pruned");
            }
        }
    }

    /// All schemas of a definition.
    static List<SchemaNode> schemas(CustomResourceDefinitionSpec spec) {
        List<SchemaNode> schemas = new ArrayList<>();
        spec.versions().forEach(version -> {
            if (version.schema().hasOpenAPIV3Schema()) {
                schemas.add(SchemaNode.of(version.schema().openAPIV3Schema()));
            }
        });
        return schemas;
    }

    private void versions() {
        Set<String> names = new HashSet<>();
        boolean unique = true;
        int storages = 0;
        VersionRules each = new VersionRules(spec, old, errors);
        for (int i = 0; i < spec.versions().size(); i++) {
            CustomResourceDefinitionVersion version = spec.versions().get(i);
            FieldPath path = SPEC.child("versions").index(i);
            storages += version.storage() ? 1 : 0;
            unique &= names.add(version.name());
            List<String> problems = Names.dnsLabel1035(version.name());
            if (!problems.isEmpty()) {
                errors.invalid(path.child("name"), version.name(), String.join(",", problems));
            }
            deprecation(version, path);
            each.checkOne(version, path);
        }
        if (!unique) {
            errors.invalid(SPEC.child("versions"), names, "must contain unique version names");
        }
        if (storages != 1) {
            errors.invalid(SPEC.child("versions"), names, "must have exactly one version marked as storage version");
        }
        if (!spec.versions().isEmpty() && !spec.versions().getFirst().name().isEmpty()) {
            String first = spec.versions().getFirst().name();
            List<String> problems = Names.dnsLabel1035(first);
            if (!problems.isEmpty()) {
                errors.invalid(SPEC.child("version"), first, String.join(",", problems));
            }
        }
    }

    private void deprecation(CustomResourceDefinitionVersion version, FieldPath path) {
        FieldPath here = path.child("deprecationWarning");
        if (!version.hasDeprecationWarning()) {
            return;
        }
        String warning = version.deprecationWarning();
        if (!version.deprecated()) {
            errors.invalid(here, warning, "can only be set for deprecated versions");
            return;
        }
        if (warning.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_WARNING) {
            errors.invalid(here, warning, "must be <= 256 characters long");
        }
        if (warning.isEmpty()) {
            errors.invalid(here, warning, "must not be an empty string");
        }
        int[] points = warning.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (!isPrintable(points[i])) {
                errors.invalid(here, warning, "must only contain printable UTF-8 characters; non-printable character found at index " + i);
                break;
            }
        }
    }

    private static boolean isPrintable(int point) {
        return point == ' ' || switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private void requiredNames() {
        FieldPath path = SPEC.child("names");
        CustomResourceDefinitionNames names = spec.names();
        required(names.plural(), path.child("plural"));
        required(names.singular(), path.child("singular"));
        required(names.kind(), path.child("kind"));
        required(names.listKind(), path.child("listKind"));
    }

    private void required(String name, FieldPath path) {
        if (name.isEmpty()) {
            errors.required(path);
        }
    }

    private static void names(CustomResourceDefinitionNames names, FieldPath path, FieldErrors errors) {
        name(names.plural(), names.plural(), "", path.child("plural"), errors);
        name(names.singular(), names.singular(), "", path.child("singular"), errors);
        String mixed = "may have mixed case, but should otherwise match: ";
        name(names.kind(), names.kind().toLowerCase(Locale.ROOT), mixed, path.child("kind"), errors);
        name(names.listKind(), names.listKind().toLowerCase(Locale.ROOT), mixed, path.child("listKind"), errors);
        for (int i = 0; i < names.shortNames().size(); i++) {
            anyName(names.shortNames().get(i), path.child("shortNames").index(i), errors);
        }
        if (!names.kind().isEmpty() && names.kind().equals(names.listKind())) {
            errors.invalid(path.child("listKind"), names.listKind(), "kind and listKind may not be the same");
        }
        for (int i = 0; i < names.categories().size(); i++) {
            anyName(names.categories().get(i), path.child("categories").index(i), errors);
        }
    }

    private static void name(String name, String label, String prefix, FieldPath path, FieldErrors errors) {
        List<String> problems = name.isEmpty() ? List.of() : Names.dnsLabel1035(label);
        if (!problems.isEmpty()) {
            errors.invalid(path, name, prefix + String.join(",", problems));
        }
    }

    private static void anyName(String name, FieldPath path, FieldErrors errors) {
        List<String> problems = Names.dnsLabel1035(name);
        if (!problems.isEmpty()) {
            errors.invalid(path, name, String.join(",", problems));
        }
    }
}
