package io.j8s.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.FixedAuthorizer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CelEnvironmentTest {

    private static final CelEnvironment ENVIRONMENT = CelEnvironment.of("object", "authorizer", "authorizer.requestResource");

    private static @Nullable Object variable(String name) {
        return switch (name) {
            case "object" -> Map.of("data", Map.of("a", "1"), "list", List.of(1, 2, 3), "size", "2Gi", "empty", CelValues.nothing());
            case "authorizer" -> CelAuthorizer.of(FixedAuthorizer.ALWAYS_ALLOW, User.of("jane"));
            default -> null;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "has(object.data) && 'a' in object.data && !has(object.nothing)",
        "object.list.all(i, i < 4) && object.list.sum() == 6 && object.list.max() == 3 && object.list.isSorted() && object.list.indexOf(2) == 1",
        "quantity(object.size).isGreaterThan(quantity('1Gi')) && quantity('1').compareTo(quantity('1000m')) == 0 && quantity('1') == quantity('1000m')",
        "isURL('https://a.b:8/x?q=1') && url('https://a.b:8/x?q=1').getHost() == 'a.b:8' && url('https://a.b:8/x').getHostname() == 'a.b'",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1')) && cidr('10.0.0.0/8').containsCIDR('10.2.0.0/16')",
        "isIP('::1') && !isIP('1.2.3') && ip('::1').isLoopback() && ip('2001:db8::1').family() == 6 && ip.isCanonical('::1')",
        "'abc123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2']",
        "authorizer.group('apps').resource('deployments').namespace('n').check('create').allowed()",
        "authorizer.serviceAccount('n', 's').path('/healthz').check('get').allowed()",
        "object.?data.?q.orValue('none') == 'none' && object.empty == null"
    })
    void knows_the_functions_of_kubernetes(String expression) throws CelException {
        assertThat(ENVIRONMENT.compile(expression, CelEnvironment.Result.BOOL).test(CelEnvironmentTest::variable)).isTrue();
    }

    @Test
    void refuses_what_does_not_compile_or_yields_something_else() {
        assertThatThrownBy(() -> ENVIRONMENT.compile("(", CelEnvironment.Result.BOOL)).isInstanceOf(CelException.class);
        assertThatThrownBy(() -> ENVIRONMENT.compile("nothing.x", CelEnvironment.Result.BOOL)).hasMessageContaining("undeclared reference");
        assertThatThrownBy(() -> ENVIRONMENT.compile("1", CelEnvironment.Result.BOOL)).hasMessageContaining("must evaluate to bool");
    }

    @Test
    void breaks_off_what_would_explode() throws CelException {
        String growing = "'" + "a".repeat(100) + "'" + ".replace('a', 'aaaaaaaaaa')".repeat(12) + " == 'a'";
        String looping = "[1, 2, 3].all(x, ".repeat(40) + "true" + ")".repeat(40);
        String squared = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(x, ".repeat(7) + "1" + ")".repeat(7) + ".size() > 0";
        for (String text : List.of(growing, looping, squared)) {
            CelExpression expression = ENVIRONMENT.compile(text, CelEnvironment.Result.BOOL);
            assertThatThrownBy(() -> expression.test(CelEnvironmentTest::variable)).as(text).isInstanceOf(CelException.class).hasMessageContaining("cost limit exceeded");
        }
    }

    @Test
    void refuses_regular_expressions_that_take_too_much() throws CelException {
        String huge = "((a{1,1000}){1,1000}){1,1000}";
        assertThatThrownBy(() -> ENVIRONMENT.compile("'a'.matches('" + huge + "')", CelEnvironment.Result.BOOL)).hasMessageContaining("invalid matches argument");
        CelExpression made = ENVIRONMENT.compile("object.data.a.matches('((a{1,1000}){1,1000}){1,' + object.data.a + '000}')", CelEnvironment.Result.BOOL);
        assertThatThrownBy(() -> made.test(CelEnvironmentTest::variable)).isInstanceOf(CelException.class).hasMessageContaining("matches");
        assertThat(ENVIRONMENT.compile("'aaa!'.matches('^(a+)+$') || matches(object.data.a, '^[0-9]$')", CelEnvironment.Result.BOOL).test(CelEnvironmentTest::variable)).isTrue();
    }

    @Test
    void says_which_expression_failed() throws CelException {
        CelExpression expression = ENVIRONMENT.compile("object.data['q'] == '1'", CelEnvironment.Result.BOOL);
        assertThatThrownBy(() -> expression.test(CelEnvironmentTest::variable)).isInstanceOf(CelException.class).hasMessageContaining("object.data['q']");
    }

    @Test
    void constructs_patches_and_objects() throws CelException {
        CelExpression patch = ENVIRONMENT.compile("[JSONPatch{op: 'add', path: '/metadata/labels', value: {'a': 'b'}}]", CelEnvironment.Result.LIST);
        assertThat(patch.evaluate(CelEnvironmentTest::variable)).isEqualTo(List.of(Map.of("op", "add", "path", "/metadata/labels", "value", Map.of("a", "b"))));
        CelExpression object = ENVIRONMENT.compile("Object{metadata: Object.metadata{labels: {'a': 'b'}}}", CelEnvironment.Result.OBJECT);
        assertThat(object.evaluate(CelEnvironmentTest::variable)).isEqualTo(Map.of("metadata", Map.of("labels", Map.of("a", "b"))));
    }
}
