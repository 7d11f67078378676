package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resources.apiextensions.SchemaRules.Tolerance;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.j8s.model.apiextensions.v1.CustomResourceSubresources;
import io.j8s.model.apiextensions.v1.CustomResourceValidation;
import io.j8s.model.apiextensions.v1.SelectableField;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rules for what versions of a definition say: schema, subresources, columns, selectable fields. Each is checked where it stands: with the version, or once
/// when all versions say the same.
final class VersionRules {

    private static final Set<String> COLUMN_TYPES = Set.of("integer", "number", "string", "boolean", "date");
    private static final Set<String> COLUMN_FORMATS = Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password");
    private static final Set<String> SELECTABLE_TYPES = Set.of("string", "boolean", "integer");
    private static final int MOST_SELECTABLE = 8;

    /// What the root of a schema may say beside its type, when status is a subresource: its own schema is taken from `properties` then.
    private static final Set<String> AT_ROOT_WITH_STATUS = Set.of(
            "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems",
            "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example", "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations", "nullable");

    private final CustomResourceDefinitionSpec spec;
    private final @Nullable CustomResourceDefinition old;
    private final FieldErrors errors;
    private final List<SchemaNode> oldSchemas;
    private final Tolerance tolerance;

    VersionRules(CustomResourceDefinitionSpec spec, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        this.spec = spec;
        this.old = old;
        this.errors = errors;
        this.oldSchemas = old == null ? List.of() : DefinitionRules.schemas(old.spec());
        this.tolerance = old == null ? Tolerance.NONE : Tolerance.of(oldSchemas);
    }

    private boolean alike(Function<CustomResourceDefinitionVersion, Object> what) {
        return spec.versions().stream().map(what).distinct().count() <= 1;
    }

    private boolean sameSchemas() {
        return alike(version -> version.hasSchema() ? version.schema() : "");
    }

    private boolean sameSubresources() {
        return alike(version -> version.hasSubresources() ? version.subresources() : "");
    }

    private boolean sameColumns() {
        return alike(CustomResourceDefinitionVersion::additionalPrinterColumns);
    }

    private boolean sameSelectable() {
        return alike(CustomResourceDefinitionVersion::selectableFields);
    }

    /// What is the version's own.
    void checkOne(CustomResourceDefinitionVersion version, FieldPath path) {
        if (!sameSchemas()) {
            boolean status = sameSubresources() ? spec.versions().getFirst().subresources().hasStatus() : version.subresources().hasStatus();
            schema(version.schema(), status, unchanged(version), path.child("schema"));
        }
        if (!sameSubresources()) {
            subresources(version.subresources(), path.child("subresources"));
        }
        if (!sameColumns()) {
            columns(version.additionalPrinterColumns(), path.child("additionalPrinterColumns"));
        }
        if (!sameSelectable() && !version.selectableFields().isEmpty()) {
            selectable(version, path.child("selectableFields"), !sameSchemas());
        }
    }

    /// What all say alike.
    void checkShared(FieldPath path) {
        if (spec.versions().isEmpty()) {
            return;
        }
        CustomResourceDefinitionVersion any = spec.versions().getFirst();
        if (sameSchemas()) {
            boolean status = spec.versions().stream().anyMatch(version -> version.subresources().hasStatus());
            schema(any.schema(), status, unchanged(any), path.child("validation"));
        }
        if (sameSubresources()) {
            subresources(any.subresources(), path.child("subresources"));
        }
        if (sameColumns()) {
            columns(any.additionalPrinterColumns(), path.child("additionalPrinterColumns"));
        }
        if (sameSelectable() && !any.selectableFields().isEmpty()) {
            selectable(any, path.child("selectableFields"), sameSchemas());
        }
    }

    private boolean unchanged(CustomResourceDefinitionVersion version) {
        return old != null && old.spec().versions().stream().anyMatch(was -> was.name().equals(version.name()) && was.schema().equals(version.schema()));
    }

    // ---- schemas

    private void schema(CustomResourceValidation validation, boolean statusApart, boolean unchanged, FieldPath path) {
        if (!validation.hasOpenAPIV3Schema()) {
            return;
        }
        SchemaNode schema = SchemaNode.of(validation.openAPIV3Schema());
        FieldPath here = path.child("openAPIV3Schema");
        int before = errors.size();
        if (statusApart) {
            rootWithStatus(schema, here);
        }
        if (schema.flag("nullable")) {
            errors.forbidden(path.child("openAPIV3Schema.nullable"), "nullable cannot be true at the root");
        }
        String unsupported = schema.unsupportedAnywhere();
        ExpressionRules expressions = null;
        if (unsupported.isEmpty() && needsStructure()) {
            List<FieldError> problems = StructuralRules.check(schema, here);
            errors.addAll(problems);
            int structured = errors.size();
            if (problems.isEmpty()) {
                DefaultRules.check(schema, here, oldSchemas.stream().noneMatch(DefaultRules::hasUnpruned), errors);
            }
            if (problems.isEmpty() && errors.size() == structured) {
                expressions = new ExpressionRules(schema, unchanged);
            }
        }
        SchemaRules.check(schema, here, tolerance, expressions, errors);
        if (errors.size() == before && !unsupported.isEmpty()) {
            errors.invalid(here, "", unsupported);
        }
        if (expressions != null) {
            expressions.total(here, errors);
        }
    }

    /// An update of a definition whose schemas were never structural may leave them so, as long as nothing is pruned.
    private boolean needsStructure() {
        return !spec.preserveUnknownFields() || oldSchemas.stream().allMatch(StructuralRules::isStructural);
    }

    private void rootWithStatus(SchemaNode schema, FieldPath path) {
        boolean wrongType = !schema.type().equals("object") && !schema.type().isEmpty();
        for (Object key : schema.json().keySet()) {
            Object value = schema.value((String) key);
            boolean zero = value == null || value.equals(false) || value.equals("") || value instanceof List<?> list && list.isEmpty();
            boolean allowed = AT_ROOT_WITH_STATUS.contains((String) key) && !(key.equals("nullable") && schema.flag("nullable"));
            if (!zero && !allowed && !(wrongType && isAfterType((String) key))) {
                errors.invalid(path, "", "only " + AT_ROOT_WITH_STATUS + " fields are allowed at the root of the schema if the status subresource is enabled");
                return;
            }
        }
        if (wrongType) {
            errors.invalid(path.child("type"), schema.type(), "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
        }
    }

    /// The first that is wrong is reported, in the order in which upstream declares what a schema can say.
    private static boolean isAfterType(String key) {
        return !Set.of("id", "$schema", "$ref").contains(key);
    }

    // ---- subresources

    private void subresources(CustomResourceSubresources subresources, FieldPath path) {
        if (!subresources.hasScale()) {
            return;
        }
        CustomResourceSubresourceScale scale = subresources.scale();
        path(scale.specReplicasPath(), List.of(".spec."), true, "should be a json path under .spec", path.child("scale.specReplicasPath"));
        path(scale.statusReplicasPath(), List.of(".status."), true, "should be a json path under .status", path.child("scale.statusReplicasPath"));
        path(scale.labelSelectorPath(), List.of(".spec.", ".status."), false, "should be a json path under either .spec or .status", path.child("scale.labelSelectorPath"));
    }

    private void path(String text, List<String> prefixes, boolean required, String detail, FieldPath path) {
        if (text.isEmpty()) {
            if (required) {
                errors.required(path);
            }
        } else if (!text.startsWith(".")) {
            errors.invalid(path, text, "must be a simple json path starting with .");
        } else if (prefixes.stream().noneMatch(text::startsWith)) {
            errors.invalid(path, text, detail);
        }
    }

    // ---- columns

    private void columns(List<CustomResourceColumnDefinition> columns, FieldPath path) {
        for (int i = 0; i < columns.size(); i++) {
            CustomResourceColumnDefinition column = columns.get(i);
            FieldPath here = path.index(i);
            if (column.name().isEmpty()) {
                errors.required(here.child("name"));
            }
            String types = "must be one of " + String.join(",", COLUMN_TYPES.stream().sorted().toList());
            if (column.type().isEmpty()) {
                errors.required(here.child("type"), types);
            } else if (!COLUMN_TYPES.contains(column.type())) {
                errors.invalid(here.child("type"), column.type(), types);
            }
            if (!column.format().isEmpty() && !COLUMN_FORMATS.contains(column.format())) {
                errors.invalid(here.child("format"), column.format(), "must be one of " + String.join(",", COLUMN_FORMATS.stream().sorted().toList()));
            }
            if (column.jsonPath().isEmpty()) {
                errors.required(here.child("JSONPath"));
            } else if (!column.jsonPath().startsWith(".")) {
                errors.invalid(here.child("JSONPath"), column.jsonPath(), "must be a simple json path starting with .");
            }
        }
    }

    // ---- selectable fields

    private void selectable(CustomResourceDefinitionVersion version, FieldPath path, boolean withSchema) {
        if (!withSchema || !version.schema().hasOpenAPIV3Schema()) {
            errors.invalid(path, "", "may only be set when a schema is included at the same place");
            return;
        }
        SchemaNode schema = SchemaNode.of(version.schema().openAPIV3Schema());
        Set<String> unique = new HashSet<>();
        List<SelectableField> fields = version.selectableFields();
        for (int i = 0; i < fields.size(); i++) {
            selectable(fields.get(i).jsonPath(), schema, unique, path.index(i).child("jsonPath"));
        }
        boolean kept = old != null && old.spec().versions().stream().anyMatch(was -> was.name().equals(version.name()) && was.selectableFields().equals(fields));
        if (unique.size() > MOST_SELECTABLE && !kept) {
            errors.tooMany(path, unique.size(), MOST_SELECTABLE);
        }
    }

    private void selectable(String text, SchemaNode schema, Set<String> unique, FieldPath path) {
        if (text.isEmpty()) {
            errors.required(path);
            return;
        }
        FieldReference field;
        try {
            field = FieldReference.of(text, schema, false);
        } catch (IllegalArgumentException e) {
            errors.invalid(path, text, "is an invalid path: " + e.getMessage());
            return;
        }
        if (field.text().equals("metadata") || field.text().startsWith("metadata.") || field.text().startsWith("metadata[")) {
            errors.invalid(path, text, "must not point to fields in metadata");
        }
        if (field.schema() == null || !SELECTABLE_TYPES.contains(field.schema().type())) {
            errors.invalid(path, text, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
        }
        if (!unique.add(field.text())) {
            errors.duplicate(path, text);
        }
    }
}
