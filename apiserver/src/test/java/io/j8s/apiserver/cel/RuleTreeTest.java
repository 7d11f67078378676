package io.j8s.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.status.FieldError;
import io.j8s.model.Yaml;
import io.j8s.model.schema.Correlation;
import io.j8s.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules of schemas: what compiles, what it costs, and what values break.
final class RuleTreeTest {

    private static final String PROPERTIES = """
            s: {type: string, maxLength: 10}
            free: {type: string}
            i: {type: integer}
            ios: {x-kubernetes-int-or-string: true}
            at: {type: string, format: date-time}
            span: {type: string, format: duration}
            raw: {type: string, format: byte}
            list: {type: array, maxItems: 5, items: {type: string, maxLength: 5}}
            long: {type: array, items: {type: string}}
            map: {type: object, maxProperties: 5, additionalProperties: {type: string, maxLength: 5}}
            named: {type: object, properties: {a-b: {type: integer}, namespace: {type: string}}}
            """;

    private static Object yaml(String text) {
        return Yaml.readAll(text.getBytes(StandardCharsets.UTF_8)).getFirst();
    }

    private static Schema schema(String rules) {
        return Schema.of((Map<?, ?>) yaml("type: object\nproperties:\n" + PROPERTIES.indent(2) + "x-kubernetes-validations:\n" + rules.indent(2)));
    }

    private static String quoted(String rule) {
        return "- {rule: \"" + rule.replace("\"", "\\\"") + "\"}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            self.i > 0                                         ~ true
            has(self.s) && self.s.startsWith('a')              ~ true
            self.nothing == 1                                  ~ false
            self.i                                             ~ false
            self.i + 's' == 'a'                                ~ false
            self.ios == 5 || self.ios == 'x'                   ~ true
            self.at > timestamp('2020-01-01T00:00:00Z')        ~ true
            self.span > duration('1x')                         ~ false
            self.raw == b'abc'                                 ~ true
            self.named.a__dash__b == 1 && self.named.__namespace__ == 'x' ~ true
            self.s.matches('(')                                ~ false
            [1, 'a'].size() == 2                               ~ false
            '%s has %d'.format([self.s, 3]) == 'x has 3'       ~ true
            self.?s.orValue('') == ''                          ~ true
            self.map.all(k, v, v != k)                         ~ true
            self.list.sum() == 'a'                             ~ false
            semver('1.2.3').isLessThan(semver('v2', true))     ~ true
            format.dns1123Label().validate(self.s).hasValue()  ~ true
            sign(quantity('1Gi')) == 1                         ~ true
            jsonpatch.escapeKey('a') == 'a'                    ~ false
            """)
    void compiles_what_the_schema_declares(String rule, boolean compiles) {
        List<CompiledRule> compiled = RuleCompiler.compile(schema(quoted(rule)), false);
        assertThat(compiled).singleElement().satisfies(one -> assertThat(one.error().isEmpty()).as(one.error()).isEqualTo(compiles));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            self.i > 0                                                         ~ 3
            self.s == 'abc'                                                    ~ 3
            self.list.all(x, x.startsWith('a'))                                ~ 28
            self.free.matches('^a+$')                                          ~ 314575
            self.list.exists(x, self.list.exists(y, x == y))                   ~ 238
            """)
    void bounds_what_a_rule_costs(String rule, long most) {
        assertThat(RuleCompiler.compile(schema(quoted(rule)), false)).singleElement().satisfies(one -> assertThat(one.mostCost()).isEqualTo(most));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            - {rule: self.i > 0} ~ {i: 1} ~ ``
            - {rule: self.i > 0} ~ {i: 0} ~ FieldValueInvalid@x
            - {rule: self.i > 0, reason: FieldValueForbidden, fieldPath: .i} ~ {i: 0} ~ FieldValueForbidden@x.i
            - {rule: self.i > 0} ~ {} ~ FieldValueInvalid@x
            - {rule: "self.map['k'] == 'v'"} ~ {map: {}} ~ FieldValueInvalid@x
            - {rule: self.ios + 1 == 2} ~ {ios: a} ~ FieldValueInvalid@x
            - {rule: self.ios + 1 == 2} ~ {ios: 1} ~ ``
            - {rule: "self.at.getFullYear() == 2021"} ~ {at: '2021-05-05T00:00:00Z'} ~ ``
            - {rule: "self.span > duration('1h')"} ~ {span: 2h} ~ ``
            - {rule: "self.raw == b'abc'"} ~ {raw: YWJj} ~ ``
            - {rule: self.i >= oldSelf.i} ~ {i: 0} ~ ``
            - {rule: "oldSelf.hasValue() || self.i == 1", optionalOldSelf: true} ~ {i: 0} ~ FieldValueInvalid@x
            """)
    void a_value_that_breaks_a_rule_is_told_of(String rules, String value, String wrong) {
        RuleTree tree = Objects.requireNonNull(RuleTree.of(schema(rules), false));
        assertThat(shown(tree.check(yaml(value), null, null, "x", warning -> {}))).isEqualTo(wrong);
    }

    private static String shown(List<FieldError> errors) {
        return errors.stream().map(error -> error.kind().reason() + "@" + error.field()).collect(Collectors.joining(" "));
    }

    @Test
    void what_did_not_change_is_only_warned_of() {
        Schema schema = schema("- {rule: self.i > 0}");
        RuleTree tree = Objects.requireNonNull(RuleTree.of(schema, false));
        Object value = yaml("{i: 0}");
        List<String> warnings = new ArrayList<>();
        assertThat(tree.check(value, value, Correlation.of(schema, value, value), "", warnings::add)).isEmpty();
        assertThat(warnings).singleElement().asString().contains("failed rule: self.i > 0");
    }

    @Test
    void an_explosive_rule_is_broken_off() {
        Schema schema = schema(quoted("self.long.all(a, self.long.all(b, self.long.all(c, self.long.all(d, a != 'x' || b == c || c == d))))"));
        RuleTree tree = Objects.requireNonNull(RuleTree.of(schema, false));
        List<String> elements = java.util.Collections.nCopies(200, "x");
        assertThat(tree.check(Map.of("long", elements), null, null, "", warning -> {})).singleElement().satisfies(error ->
                assertThat(error.detail()).contains("cost"));
    }

    private static List<FieldError> found(String rule, Map<?, ?> value) {
        String lists = """
                type: object
                properties:
                  set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                  other: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                  plain: {type: array, items: {type: string}}
                  map: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}, v: {type: integer}}}}
                  again: {type: object, properties: {map: {type: array, items: {type: string}}}}
                x-kubernetes-validations:
                """;
        Schema schema = Schema.of((Map<?, ?>) yaml(lists + quoted(rule)));
        RuleTree tree = Objects.requireNonNull(RuleTree.of(schema, false));
        Map<String, Object> before = new java.util.HashMap<>();
        value.forEach((name, part) -> before.put((String) name, part));
        before.put("again", Map.of());
        return tree.check(value, before, Correlation.of(schema, value, before), "", warning -> {});
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            self.set == self.other                        ~ true
            self.set != self.other                        ~ false
            self.set == ['c', 'b', 'a']                   ~ true
            ['c', 'b', 'a'] == self.set                   ~ false
            self.set == ['a', 'b']                        ~ false
            self.plain == ['b', 'a']                      ~ false
            self.set + self.other == self.set             ~ true
            (self.set + ['a', 'z']).size() == 4           ~ true
            self.set + self.other == ['a', 'b', 'c']      ~ true
            (self.plain + self.plain).size() == 4         ~ true
            self.map + oldSelf.map == self.map            ~ true
            'b' in self.set && self.set[0] == 'a'         ~ true
            """)
    void lists_that_are_sets_or_maps_are_compared_and_added_as_such(String rule, boolean holds) {
        Map<?, ?> value = (Map<?, ?>) yaml("{set: [a, b, c], other: [c, a, b], plain: [a, b], map: [{k: x, v: 1}, {k: y, v: 2}]}");
        assertThat(found(rule, value).isEmpty()).isEqualTo(holds);
    }

    @Test
    void what_would_explode_is_broken_off() {
        Map<?, ?> much = Map.of("plain", java.util.Collections.nCopies(300, "a".repeat(60) + "!"));
        for (String rule : List.of(
                "self.plain.all(x, self.plain.all(y, self.plain.all(z, self.plain.all(w, x == w))))", "self.plain.map(x, self.plain.map(y, self.plain.map(z, x + y + z))).size() > 0",
                "self.plain.all(x, self.plain.all(y, self.plain.all(z, !(x + y + z).matches('(a|aa|aaa)*b'))))")) {
            assertThat(found(rule, much)).as(rule).singleElement().satisfies(error -> assertThat(error.detail()).contains("cost limit exceeded"));
        }
        assertThat(found("self.plain.all(x, !x.matches('^(a+)+$'))", much)).isEmpty();
    }
}
