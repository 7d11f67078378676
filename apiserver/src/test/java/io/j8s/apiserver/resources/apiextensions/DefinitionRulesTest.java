package io.j8s.apiserver.resources.apiextensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.Yaml;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What definitions are refused for: schemas by the table `schemas.tsv`, everything else by the tables here.
final class DefinitionRulesTest {

    private static final String SCHEMA = "{type: object, properties: {spec: {type: object, properties: {s: {type: string}, o: {type: object}}}}}";
    private static final String NAMES = "names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}";

    record Row(String place, String schema, List<String> causes) {}

    static List<Row> schemas() throws IOException {
        try (InputStream in = Objects.requireNonNull(DefinitionRulesTest.class.getResourceAsStream("schemas.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(DefinitionRulesTest::row).toList();
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\t", -1);
        return new Row(cells[0], cells[1], Stream.of(cells[2].split(" ")).filter(cause -> !cause.isEmpty()).sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void a_schema_is_refused_for_what_is_wrong_with_it(Row row) {
        String schema = row.place.equals("property") ? "{type: object, properties: {p: " + row.schema + "}}" : row.schema;
        String status = row.place.equals("root+status") ? ", subresources: {status: {}}" : "";
        List<FieldError> found = created("spec: {group: example.com, scope: Cluster, conversion: {strategy: None}, " + NAMES
                + ", versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: " + schema + "}" + status + "}]}");
        assertThat(found.stream().map(DefinitionRulesTest::below).distinct().sorted().toList()).isEqualTo(row.causes);
    }

    private static String below(FieldError error) {
        String field = error.field().replace("spec.validation.openAPIV3Schema", "");
        return error.kind().reason() + "@" + (field.startsWith(".") ? field.substring(1) : field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scope: Cluster, group: example.com                                     | ''
            scope: Cluster                                                         | metadata.name spec.group
            scope: World, group: example.com                                       | spec.scope
            scope: Cluster, group: com                                             | metadata.name spec.group
            scope: Cluster, group: example.com, preserveUnknownFields: true        | spec.preserveUnknownFields
            scope: Cluster, group: example.com, conversion: {strategy: Magic}      | spec.conversion.strategy
            scope: Cluster, group: example.com, conversion: {strategy: Webhook}    | spec.conversion.conversionReviewVersions spec.conversion.webhookClientConfig
            scope: Cluster, group: example.com, conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v9], clientConfig: {url: 'http://h?q'}}} | spec.conversion.conversionReviewVersions spec.conversion.webhookClientConfig.url spec.conversion.webhookClientConfig.url
            """)
    void a_definition_is_refused_by_its_field(String fields, String wrong) {
        assertThat(fields(created("spec: {" + fields + ", " + NAMES + ", versions: [" + version("v1, storage: true", "") + "]}"))).isEqualTo(wrong);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            additionalPrinterColumns: [{name: A, type: date, jsonPath: .a}]                    | ''
            additionalPrinterColumns: [{type: what, jsonPath: a, format: odd}]                 | spec.additionalPrinterColumns[0].JSONPath spec.additionalPrinterColumns[0].format spec.additionalPrinterColumns[0].name spec.additionalPrinterColumns[0].type
            subresources: {scale: {specReplicasPath: .spec.n, statusReplicasPath: .spec.n}}    | spec.subresources.scale.statusReplicasPath
            subresources: {scale: {statusReplicasPath: status.n, labelSelectorPath: .x}}       | spec.subresources.scale.labelSelectorPath spec.subresources.scale.specReplicasPath spec.subresources.scale.statusReplicasPath
            selectableFields: [{jsonPath: .spec.s}]                                            | ''
            selectableFields: [{jsonPath: .spec.o}, {jsonPath: .spec.s}, {jsonPath: .spec.s}]  | spec.selectableFields[0].jsonPath spec.selectableFields[2].jsonPath
            selectableFields: [{jsonPath: ".spec['s']"}]                                       | spec.selectableFields[0].jsonPath
            deprecationWarning: soon                                                           | spec.versions[0].deprecationWarning
            deprecated: true, deprecationWarning: "so\\non"                                    | spec.versions[0].deprecationWarning
            """)
    void a_version_is_refused_by_its_field(String said, String wrong) {
        assertThat(fields(created("spec: {group: example.com, scope: Cluster, " + NAMES + ", versions: [" + version("v1, storage: true", said) + "]}"))).isEqualTo(wrong);
    }

    private static String version(String name, String said) {
        return "{name: " + name + ", served: true, schema: {openAPIV3Schema: " + SCHEMA + "}" + (said.isEmpty() ? "" : ", " + said) + "}";
    }

    private static List<FieldError> created(String spec) {
        CustomResourceDefinition definition = (CustomResourceDefinition) Yaml.read(CustomResourceDefinition.TYPE,
                ("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\nstatus: {storedVersions: [v1]}\n" + spec)
                        .getBytes(StandardCharsets.UTF_8), finding -> {});
        FieldErrors errors = new FieldErrors();
        DefinitionRules.checkCreate(definition, errors);
        return errors.list();
    }

    private static String fields(List<FieldError> errors) {
        return String.join(" ", errors.stream().map(FieldError::field).sorted().toList());
    }
}
