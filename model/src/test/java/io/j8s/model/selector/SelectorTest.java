package io.j8s.model.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SelectorTest {

    @Test
    void everyOperatorIsReadAndWrittenCanonically() {
        assertThat(Selector.parse("x in (foo,,baz), y , z notin (), !n,a=1,b==2, c!=3,d>4,e<5")).hasToString("a=1,b==2,c!=3,d>4,e<5,!n,x in (,baz,foo),y,z notin ()");
        assertThat(Selector.parse("")).isEqualTo(Selector.everything());
        assertThat(Selector.parse("a in (b,a),c").toString()).isEqualTo("a in (a,b),c");
        assertThat(Selector.parse("a=")).hasToString("a=");
    }

    @Test
    void operatorWordsAreKeysAndValuesElsewhere() {
        assertThat(Selector.parse("in=notin").matches(Map.of("in", "notin"))).isTrue();
        assertThat(Selector.parse("notin in (in)").matches(Map.of("notin", "in"))).isTrue();
    }

    @Test
    void malformedSelectorsAreRefused() {
        for (String text : List.of(",", "a,", "a b", "a in", "a in b", "a in (b", "a in (b c)", "a=b c", "=a", "!", "!!a", "a(b)", "a=(", "a in ((", "a/b/c", "-a", "a=-b", "a>b", "(", "a=b,,c", "a=x/y")) {
            assertThatThrownBy(() -> Selector.parse(text)).as(text).isInstanceOf(SelectorException.class);
        }
    }

    @Test
    void labelsAreMatched() {
        Map<String, String> labels = Map.of("a", "1", "b", "x");
        assertThat(List.of("a", "a=1", "a==1", "a!=2", "z!=2", "a in (1,2)", "a notin (2)", "z notin (2)", "!z", "a>0", "a<2", "a=1,b=x", ""))
                .allMatch(text -> Selector.parse(text).matches(labels));
        assertThat(List.of("z", "a=2", "a!=1", "a in (2)", "z in (1)", "a notin (1)", "!a", "a>1", "b>1", "z<1", "a=1,b=y"))
                .noneMatch(text -> Selector.parse(text).matches(labels));
        assertThat(Selector.nothing().matches(labels)).isFalse();
    }

    @Test
    void theExactValueOfALabelIsKnown() {
        assertThat(Selector.parse("a in (x),b=y").exactValue("a")).isEqualTo("x");
        assertThat(Selector.parse("a in (x,z)").exactValue("a")).isNull();
    }

    private static Field field(int index, String name, Shape shape) {
        return Field.of(index, name, shape);
    }

    private static final Type EXPRESSION = new Type("Expression", () -> List.of(field(0, "key", Shape.Scalar.STRING), field(1, "operator", Shape.Scalar.STRING),
            field(2, "values", new Shape.ListOf(Shape.Scalar.STRING))), null, false);
    private static final Type SELECTOR = new Type("Selector", () -> List.of(field(0, "matchLabels", new Shape.MapOf(Shape.Scalar.STRING)),
            field(1, "matchExpressions", new Shape.ListOf(new Shape.Message(() -> EXPRESSION)))), null, false);

    private static Struct expression(String key, String operator, String... values) {
        List<Field> fields = EXPRESSION.fields();
        return new Struct.Builder(EXPRESSION).set(fields.get(0), key).set(fields.get(1), operator).set(fields.get(2), List.of(values)).build();
    }

    @Test
    void objectsBecomeSelectors() {
        Struct selector = SELECTOR.empty().with(SELECTOR.fields().get(0), Map.of("app", "x"))
                .with(SELECTOR.fields().get(1), List.of(expression("t", "In", "b", "a"), expression("u", "NotIn", "c"), expression("e", "Exists"), expression("n", "DoesNotExist")));
        assertThat(Selector.of(selector)).hasToString("app=x,e,!n,t in (a,b),u notin (c)");
        assertThat(Selector.of(SELECTOR.empty()).selectsEverything()).isTrue();
        assertThat(Selector.of((Struct) null).selectsNothing()).isTrue();
        assertThatThrownBy(() -> Selector.of(SELECTOR.empty().with(SELECTOR.fields().get(1), List.of(expression("t", "Like", "b")))))
                .isInstanceOf(SelectorException.class).hasMessageContaining("\"Like\"");
        assertThatThrownBy(() -> Selector.of(SELECTOR.empty().with(SELECTOR.fields().get(1), List.of(expression("t", "In")))))
                .isInstanceOf(SelectorException.class).hasMessageContaining("at least one value");
    }

    @Test
    void fieldSelectorsAreReadConvertedAndMatched() {
        FieldSelector selector = FieldSelector.parse("spec.nodeName=n1,metadata.name!=x\\,y,status.phase==Running");
        assertThat(selector).hasToString("metadata.name!=x\\,y,spec.nodeName=n1,status.phase=Running");
        assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
        Map<String, String> values = Map.of("spec.nodeName", "n1", "metadata.name", "z", "status.phase", "Running");
        assertThat(selector.matches(name -> values.getOrDefault(name, ""))).isTrue();
        assertThat(selector.matches(name -> name.equals("metadata.name") ? "x,y" : values.getOrDefault(name, ""))).isFalse();
        assertThat(selector.exactValue("spec.nodeName")).isEqualTo("n1");
        assertThat(FieldSelector.parse("").selectsEverything()).isTrue();
        assertThat(FieldSelector.parse(",a=,").terms()).containsExactly(new FieldSelector.Term("a", true, ""));
        assertThatThrownBy(() -> selector.convert(term -> {
            throw new SelectorException("field label not supported: " + term.field());
        })).isInstanceOf(SelectorException.class);
        assertThat(selector.convert(term -> null).selectsEverything()).isTrue();
        for (String text : List.of("a", "a=b=c", "a=b\\x", "a=b\\")) {
            assertThatThrownBy(() -> FieldSelector.parse(text)).as(text).isInstanceOf(SelectorException.class);
        }
    }

    @Test
    void namesFollowTheirRules() {
        assertThat(List.of("a", "a-b", "1a", "x".repeat(63))).allMatch(name -> Names.dnsLabel(name).isEmpty());
        assertThat(List.of("", "A", "-a", "a-", "a.b", "a_b", "x".repeat(64), "é")).noneMatch(name -> Names.dnsLabel(name).isEmpty());
        assertThat(List.of("a.b-c.1", "a")).allMatch(name -> Names.dnsSubdomain(name).isEmpty());
        assertThat(List.of("", "a..b", ".a", "a.", "a.-b", "A.b", "x".repeat(254))).noneMatch(name -> Names.dnsSubdomain(name).isEmpty());
        assertThat(Names.dns1035Label("a1")).isEmpty();
        assertThat(Names.dns1035Label("1a")).isNotEmpty();
        assertThat(List.of("a", "a.b/c_D", "A")).allMatch(name -> Names.qualifiedName(name).isEmpty());
        assertThat(List.of("", "/a", "a/", "a/b/c", "A.b/c", "a b", "x".repeat(64))).noneMatch(name -> Names.qualifiedName(name).isEmpty());
        assertThat(Names.qualifiedName("")).hasSize(2);
        assertThat(List.of("", "a", "A_b.c-1")).allMatch(value -> Names.labelValue(value).isEmpty());
        assertThat(List.of("-", "a b", "x".repeat(64))).noneMatch(value -> Names.labelValue(value).isEmpty());
        assertThat(Names.wildcardSubdomain("*.a.b")).isEmpty();
        assertThat(Names.wildcardSubdomain("*.*.b")).isNotEmpty();
        assertThat(Names.configKey("a_B.c")).isEmpty();
        assertThat(Names.configKey("..a")).hasSize(1);
        assertThat(Names.portName("http-1")).isEmpty();
        assertThat(Names.portName("-1--2")).hasSize(3);
        assertThat(Names.environmentName("1A")).isNotEmpty();
        assertThat(Names.relaxedEnvironmentName("1A b")).isEmpty();
        assertThat(Names.cIdentifier("a-b")).isNotEmpty();
        assertThat(Names.pathSegment("a/%")).hasSize(2);
        assertThat(Names.portNumber(0)).isNotEmpty();
    }
}
