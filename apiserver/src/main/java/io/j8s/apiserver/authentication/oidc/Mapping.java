package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an attribute of a user comes from the claims of a token.
sealed interface Mapping {

    /// The attribute is never set.
    record Nothing() implements Mapping {}

    /// @param prefix put before each value
    record Claim(String name, String prefix) implements Mapping {}

    record Expression(CelExpression expression) implements Mapping {}

    Mapping NOTHING = new Nothing();

    /// The value when it is a single text.
    ///
    /// @param attribute for messages
    default String text(Map<String, Object> claims, String attribute) throws OidcException {
        return switch (this) {
            case Nothing _ -> "";
            case Claim(String name, String prefix) -> prefix + claimText(claims, name, attribute);
            case Expression(CelExpression expression) -> {
                if (evaluated(expression, claims, attribute) instanceof String text) {
                    yield text;
                }
                throw new OidcException("error evaluating " + attribute + " claim expression: " + attribute + " claim expression must return a string");
            }
        };
    }

    private static String claimText(Map<String, Object> claims, String name, String attribute) throws OidcException {
        Object value = claims.get(name);
        if (value instanceof String text) {
            return text;
        }
        throw new OidcException("parse " + attribute + " claims \"" + name + "\": " + (value == null ? "claim not present" : "the claim is not a text"));
    }

    /// The values when there may be several: a text stands for itself alone. Values of an expression that are empty are left out.
    default List<String> texts(Map<String, Object> claims, String attribute) throws OidcException {
        return switch (this) {
            case Nothing _ -> List.of();
            case Claim(String name, String prefix) -> {
                Object value = claims.get(name);
                yield value == null ? List.of() : list(value, attribute).stream().map(text -> prefix + text).toList();
            }
            case Expression(CelExpression expression) -> {
                Object value = evaluated(expression, claims, attribute);
                yield value == null ? List.of() : list(value, attribute).stream().filter(text -> !text.isEmpty()).toList();
            }
        };
    }

    private static @Nullable Object evaluated(CelExpression expression, Map<String, Object> claims, String attribute) throws OidcException {
        try {
            return expression.evaluate(name -> name.equals("claims") ? claims : null);
        } catch (CelException e) {
            throw new OidcException("error evaluating " + attribute + " claim expression: " + e.why());
        }
    }

    private static List<String> list(Object value, String attribute) throws OidcException {
        if (value instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof String text) {
                    texts.add(text);
                }
            }
            if (texts.size() == list.size()) {
                return texts;
            }
        }
        throw new OidcException("error evaluating " + attribute + " claim expression: expression must return a string or a list of strings");
    }
}
