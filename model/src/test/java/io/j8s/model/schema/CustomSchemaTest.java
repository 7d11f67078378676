package io.j8s.model.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.apply.FieldManagement;
import io.j8s.model.apply.MergeSchema;
import io.j8s.model.patch.Patches;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CustomSchemaTest {

    private static Map<?, ?> map(String json) {
        return (Map<?, ?>) Json.readPlain(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /// A schema whose spec has these properties (with what else is said of the spec).
    private static CustomSchema spec(String properties) {
        return new CustomSchema("x.io", "v1", "Widget", Schema.of(map("{'type':'object','properties':{'spec':{'type':'object','properties':{" + properties + "}}}}")));
    }

    private static Object object(String spec) {
        return map("{'apiVersion':'x.io/v1','kind':'Widget','metadata':{'name':'w'},'spec':" + spec + "}");
    }

    private static List<SchemaProblem> problems(CustomSchema schema, Struct object) {
        List<SchemaProblem> problems = new ArrayList<>(schema.schema().problems(schema.plain(object)));
        problems.addAll(schema.schema().repetitions(schema.plain(object)));
        return problems;
    }

    private static String read(CustomSchema schema, String spec) {
        Struct object = schema.read(object(spec), text -> {});
        assertThat(problems(schema, object)).isEmpty();
        String json = Json.text(object).replace('"', '\'');
        return json.substring(json.indexOf("'spec':") + 7, json.length() - 1);
    }

    private static List<String> causes(CustomSchema schema, String spec) {
        List<SchemaProblem> problems;
        try {
            problems = problems(schema, schema.read(object(spec), text -> {}));
        } catch (SchemaException e) {
            problems = e.problems();
        }
        return problems.stream().map(problem -> problem.reason().toString().replace("FieldValue", "") + " " + problem.field()).toList();
    }

    @Test
    void stringsAreBoundedAndMatched() {
        CustomSchema schema = spec("'a':{'type':'string','minLength':2,'maxLength':4,'pattern':'^[a-z]+$'}");
        assertThat(causes(schema, "{'a':'ab'}")).isEmpty();
        assertThat(causes(schema, "{'a':'a'}")).containsExactly("Invalid spec.a");
        assertThat(causes(schema, "{'a':'abcde'}")).containsExactly("TooLong spec.a");
        assertThat(causes(schema, "{'a':'AB'}")).containsExactly("Invalid spec.a");
        assertThat(causes(schema, "{'a':'ab\\n'}")).containsExactly("Invalid spec.a");
        for (String wrong : List.of("5", "true", "[]", "{}")) {
            assertThat(causes(schema, "{'a':" + wrong + "}")).containsExactly("TypeInvalid spec.a");
        }
        assertThat(read(schema, "{'a':null}")).isEqualTo("{}");
    }

    @Test
    void numbersAreBounded() {
        CustomSchema schema = spec("'a':{'type':'integer','minimum':1,'maximum':10,'multipleOf':2},'b':{'type':'integer','format':'int32'},'c':{'type':'number','exclusiveMinimum':true,'minimum':0}");
        assertThat(read(schema, "{'a':2.0,'c':0.5}")).isEqualTo("{'a':2,'c':0.5}");
        assertThat(causes(schema, "{'a':3}")).containsExactly("Invalid spec.a");
        assertThat(causes(schema, "{'a':2.5}")).containsExactly("TypeInvalid spec.a", "Invalid <nil>", "Invalid spec.a");
        assertThat(causes(schema, "{'a':99999999999999999999}")).containsExactly("TypeInvalid spec.a", "Invalid <nil>", "Invalid spec.a", "Invalid spec.a");
        assertThat(causes(schema, "{'b':2147483648}")).containsExactly("Invalid <nil>");
        assertThat(causes(schema, "{'c':0}")).containsExactly("Invalid spec.c");
    }

    @Test
    void listsAndMapsAreBoundedAndDistinct() {
        CustomSchema schema = spec("'a':{'type':'array','items':{'type':'string'},'minItems':1,'maxItems':2},'s':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'set'},"
                + "'b':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'}},'required':['k']},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k']},"
                + "'c':{'type':'object','additionalProperties':{'type':'integer'},'minProperties':1,'maxProperties':2}");
        assertThat(causes(schema, "{'a':[]}")).containsExactly("Invalid spec.a");
        assertThat(causes(schema, "{'a':['a','b','c']}")).containsExactly("TooMany spec.a");
        assertThat(causes(schema, "{'a':[1]}")).containsExactly("TypeInvalid spec.a[0]");
        assertThat(causes(schema, "{'a':[null]}")).containsExactly("TypeInvalid spec.a[0]");
        assertThat(causes(schema, "{'s':['a','a']}")).containsExactly("Duplicate spec.s[1]");
        assertThat(causes(schema, "{'b':[{'k':'a'},{'k':'a'}]}")).containsExactly("Duplicate spec.b[1]");
        assertThat(causes(schema, "{'b':[{}]}")).containsExactly("Required spec.b[0].k");
        assertThat(causes(schema, "{'b':{}}")).containsExactly("TypeInvalid spec.b");
        assertThat(causes(schema, "{'c':{'x':'y'}}")).containsExactly("TypeInvalid spec.c.x");
        assertThat(causes(schema, "{'c':{}}")).containsExactly("Invalid spec.c");
        assertThat(causes(schema, "{'c':{'a':1,'b':2,'c':3}}")).containsExactly("TooMany spec.c");
        assertThat(causes(schema, "'text'")).containsExactly("TypeInvalid spec");
    }

    @Test
    void valuesAreEnumerated() {
        CustomSchema schema = spec("'a':{'type':'string','enum':['x','y']},'b':{'type':'integer','enum':[1,2]},'e':{'type':'string','nullable':true,'enum':['q',null]}");
        assertThat(causes(schema, "{'a':'z'}")).containsExactly("NotSupported spec.a");
        assertThat(causes(schema, "{'b':'1'}")).containsExactly("TypeInvalid spec.b", "NotSupported spec.b");
        assertThat(read(schema, "{'b':1.0}")).isEqualTo("{'b':1}");
        assertThat(causes(schema, "{'e':null}")).containsExactly("NotSupported spec.e");
    }

    @Test
    void formatsAreChecked() {
        Map<String, List<String>> examples = Map.ofEntries(
                Map.entry("date-time", List.of("2020-01-02T03:04:05Z", "yesterday")), Map.entry("date", List.of("2020-01-02", "2020-13-01")),
                Map.entry("duration", List.of("1h2m", "long")), Map.entry("ipv4", List.of("1.2.3.4", "1.2.3")), Map.entry("ipv6", List.of("fe80::1.2.3.4", "1.2.3.4")),
                Map.entry("cidr", List.of("10.0.0.0/8", "10.0.0.0")), Map.entry("mac", List.of("00:11:22:33:44:55", "zz")), Map.entry("uri", List.of("http://x/y", "::")),
                Map.entry("hostname", List.of("example.com", "a.b")), Map.entry("email", List.of("a@b.co", "nobody")), Map.entry("uuid", List.of("3d813cbb-47fb-42ba-91df-831e1593ac29", "x")),
                Map.entry("byte", List.of("aGk=", "!!")), Map.entry("hexcolor", List.of("#ffaa00", "red")), Map.entry("isbn", List.of("0321751043", "1")),
                Map.entry("creditcard", List.of("4111 1111 1111 1111", "1")), Map.entry("k8s-short-name", List.of("abc", "A_B")), Map.entry("k8s-long-name", List.of("a.b", "A_B")));
        examples.forEach((format, values) -> {
            CustomSchema schema = spec("'a':{'type':'string','format':'" + format + "'}");
            assertThat(causes(schema, "{'a':'" + values.get(0) + "'}")).as(format).isEmpty();
            assertThat(causes(schema, "{'a':'" + values.get(1) + "'}")).as(format).containsExactly("TypeInvalid spec.a");
        });
        assertThat(causes(spec("'a':{'type':'string','format':'unknown-thing'}"), "{'a':'x'}")).isEmpty();
    }

    @Test
    void schemasAreCombined() {
        CustomSchema schema = new CustomSchema("x.io", "v1", "Widget", Schema.of(map("{'type':'object','properties':{'spec':{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'},"
                + "'c':{'type':'string','anyOf':[{'pattern':'^a'},{'pattern':'z$'}]},'d':{'type':'string','not':{'enum':['no']}},'e':{'type':'integer','allOf':[{'minimum':2},{'maximum':4}]}},"
                + "'oneOf':[{'required':['a']},{'required':['b']}]}}}")));
        assertThat(causes(schema, "{'a':'x','c':'ab','e':3}")).isEmpty();
        assertThat(causes(schema, "{'a':'x','b':'y'}")).containsExactly("Invalid <nil>");
        assertThat(causes(schema, "{}")).containsExactly("Invalid <nil>", "Required spec.a");
        assertThat(causes(schema, "{'a':'x','c':'mm'}")).containsExactlyInAnyOrder("Invalid <nil>", "Invalid spec.c");
        assertThat(causes(schema, "{'a':'x','d':'no'}")).containsExactly("Invalid <nil>");
        assertThat(causes(schema, "{'a':'x','e':9}")).containsExactly("Invalid spec.e", "Invalid <nil>");
    }

    @Test
    void intOrStringsAreEither() {
        CustomSchema schema = spec("'a':{'x-kubernetes-int-or-string':true},'c':{'x-kubernetes-int-or-string':true,'minimum':5}");
        assertThat(read(schema, "{'a':1}")).isEqualTo("{'a':1}");
        assertThat(read(schema, "{'a':'x','c':'x'}")).isEqualTo("{'a':'x','c':'x'}");
        assertThat(causes(schema, "{'a':1.5}")).containsExactly("TypeInvalid spec.a");
        assertThat(causes(schema, "{'c':1}")).containsExactly("Invalid spec.c");
    }

    @Test
    void defaultsArePutIn() {
        CustomSchema schema = spec("'a':{'type':'string','default':'A'},'o':{'type':'object','properties':{'x':{'type':'string','default':'X'},'y':{'type':'string'}},'default':{'y':'Y'}},"
                + "'l':{'type':'array','items':{'type':'object','properties':{'v':{'type':'string','default':'V'}}}},"
                + "'m':{'type':'object','additionalProperties':{'type':'object','properties':{'z':{'type':'integer','default':1}}}},'n':{'type':'string','nullable':true,'default':'N'}");
        assertThat(read(schema, "{}")).isEqualTo("{'a':'A','n':'N','o':{'x':'X','y':'Y'}}");
        assertThat(read(schema, "{'a':null,'n':null,'o':{},'l':[{},{'v':'b'}],'m':{'one':{},'two':{'z':5}}}"))
                .isEqualTo("{'a':'A','l':[{'v':'V'},{'v':'b'}],'m':{'one':{'z':1},'two':{'z':5}},'n':null,'o':{'x':'X'}}");
    }

    @Test
    void unknownFieldsArePrunedAndTold() {
        CustomSchema schema = spec("'a':{'type':'string'},'open':{'type':'object','x-kubernetes-preserve-unknown-fields':true},"
                + "'half':{'type':'object','properties':{'x':{'type':'object','properties':{'y':{'type':'string'}}}},'x-kubernetes-preserve-unknown-fields':true},"
                + "'l':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'}}}}");
        List<String> findings = new ArrayList<>();
        Struct object = schema.read(map("{'apiVersion':'x.io/v1','kind':'Widget','top':1,'metadata':{'name':'w','bogus':1},'spec':{'b':1,'open':{'z':[1],'n':null},'l':[{'j':1}],'half':{'x':{'y':'1','z':2},'w':{'v':1}}}}"), findings::add);
        assertThat(findings).containsExactly("unknown field \"metadata.bogus\"", "unknown field \"spec.b\"", "unknown field \"spec.half.x.z\"", "unknown field \"spec.l[0].j\"", "unknown field \"top\"");
        assertThat(Json.text(object).replace('"', '\'')).isEqualTo("{'apiVersion':'x.io/v1','kind':'Widget','metadata':{'name':'w'},"
                + "'spec':{'half':{'w':{'v':1},'x':{'y':'1'}},'l':[{}],'open':{'n':null,'z':[1]}}}");
    }

    @Test
    void numbersOfOpenObjectsAreKeptAsUpstreamDoes() {
        CustomSchema schema = new CustomSchema("x.io", "v1", "Widget", Schema.OPEN);
        assertThat(read(schema, "{'f':1.0,'h':123456789012345678901234567890,'j':9007199254740993,'k':0.1}")).isEqualTo("{'f':1,'h':1.2345678901234568e+29,'j':9007199254740993,'k':0.1}");
    }

    @Test
    void whatIsNoObjectIsRefused() {
        CustomSchema schema = spec("'a':{'type':'string'}");
        assertThatThrownBy(() -> schema.read(List.of(), text -> {})).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> schema.read(map("{'metadata':{'labels':{'a':1}}}"), text -> {})).isInstanceOf(DecodeException.class).hasMessageContaining("metadata.labels.a");
    }

    @Test
    void storedObjectsAreReadWhateverTheirShape() {
        CustomSchema schema = spec("'l':{'type':'object','properties':{'a':{'type':'string','default':'later'}}}");
        assertThat(Json.text(schema.readStored(object("{'l':{}}")))).contains("\"later\"");
        assertThat(Json.text(schema.readStored(object("{'l':[1]}")))).contains("\"l\":[1]");
    }

    @Test
    void customResourcesArePatchedAsTheirSchemaReadsThem() {
        CustomSchema schema = spec("'a':{'type':'string','default':'A'},'l':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'}}}}");
        Struct live = schema.read(object("{'a':'x','l':[{'k':'1'}]}"), text -> {});
        List<String> findings = new ArrayList<>();
        Struct merged = Patches.merge(live, bytes("{'spec':{'a':null,'d':4},'extra':true}"), findings::add, plain -> schema.read(plain, findings::add));
        assertThat(Json.text(merged)).contains("\"a\":\"A\"").contains("\"k\":\"1\"");
        assertThat(findings).containsExactly("unknown field \"extra\"", "unknown field \"spec.d\"");
        Struct patched = Patches.json(live, bytes("[{'op':'add','path':'/spec/l/-','value':{'k':'2','z':1}}]"), text -> {}, plain -> schema.read(plain, text -> {}));
        assertThat(Json.text(patched)).contains("[{\"k\":\"1\"},{\"k\":\"2\"}]");
        assertThatThrownBy(() -> Patches.merge(live, bytes("{'spec':{'l':'text'}}"), text -> {}, plain -> schema.read(plain, text -> {})))
                .isInstanceOfSatisfying(SchemaException.class, e -> assertThat(e.problems().getFirst().field()).isEqualTo("spec.l"));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void customResourcesAreApplied() {
        CustomSchema schema = spec("'s':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'set'},"
                + "'l':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'},'p':{'type':'integer','default':1},'v':{'type':'string'}}},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k','p']},"
                + "'open':{'type':'object','x-kubernetes-preserve-unknown-fields':true},'ma':{'type':'object','additionalProperties':{'type':'string'},'x-kubernetes-map-type':'atomic'}");
        FieldManagement management = new FieldManagement(schema.type(), "x.io/v1", new MergeSchema());
        Struct w = apply(management, schema.type().empty(), "m1", "{'s':['a','b'],'l':[{'k':'a','v':'1'}],'open':{'a':{'b':[1,2]},'c':1},'ma':{'x':'1'}}");
        w = apply(management, w, "m2", "{'s':['b','c'],'open':{'a':{'d':1}}}");
        assertThat(Json.text(w)).contains("\"s\":[\"a\",\"b\",\"c\"]").contains("\"open\":{\"a\":{\"b\":[1,2],\"d\":1},\"c\":1}");
        assertThat(conflicts(management, w, "{'l':[{'k':'a','p':1,'v':'9'}]}")).containsExactly(".spec.l[k=\"a\",p=1].v");
        assertThat(conflicts(management, w, "{'open':{'a':{'b':[3]}}}")).containsExactly(".spec.open.a.b");
        assertThat(conflicts(management, w, "{'ma':{'y':'2'}}")).containsExactly(".spec.ma");
        w = apply(management, w, "m1", "{'s':['a']}");
        assertThat(Json.text(w)).contains("\"s\":[\"a\",\"b\",\"c\"]").contains("\"open\":{\"a\":{\"d\":1}}").doesNotContain("\"ma\":{");
        assertThatThrownBy(() -> apply(management, schema.type().empty(), "m", "{'bogus':1}")).hasMessageStartingWith(".spec.bogus");
        assertThatThrownBy(() -> apply(management, schema.type().empty(), "m", "{'s':['x','x']}")).hasMessageStartingWith(".spec.s[1]");
    }

    private static FieldManagement.Outcome outcome(FieldManagement management, Struct live, String manager, String spec) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        ((Map<?, ?>) object(spec)).forEach((name, value) -> configuration.put((String) name, value));
        return management.apply(live, configuration, manager, false, Instant.EPOCH);
    }

    private static Struct apply(FieldManagement management, Struct live, String manager, String spec) {
        Struct object = ((FieldManagement.Outcome.Applied) outcome(management, live, manager, spec)).object();
        return Objects.withMetadata(object, Objects.metadata(object).withUid("u"));
    }

    private static List<String> conflicts(FieldManagement management, Struct live, String spec) {
        return ((FieldManagement.Outcome.Conflicts) outcome(management, live, "x", spec)).conflicts().stream().map(conflict -> conflict.path()).toList();
    }
}
