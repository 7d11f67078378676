package io.j8s.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A compiled expression. What one evaluation may cost is bounded, as upstream bounds it. Immutable; evaluated by any number of threads at once.
public final class CelExpression {

    private final String text;
    private final CelRuntime.Program program;
    private final CelAbstractSyntaxTree tree;

    CelExpression(String text, CelAbstractSyntaxTree tree, CelRuntime.Program program) {
        this.text = text;
        this.program = program;
        this.tree = tree;
    }

    public String text() {
        return text;
    }

    CelType type() {
        return tree.getResultType();
    }

    /// The value as plain JSON (maps, lists, texts, numbers, booleans, null).
    ///
    /// @param variables asked for each variable that the expression needs, when it needs it; null: there is none of this name. Values are plain JSON or objects of
    ///     functions ([CelAuthorizer])
    public @Nullable Object evaluate(Function<String, @Nullable Object> variables) throws CelException {
        CelVariableResolver resolver = name -> Optional.ofNullable(CelValues.in(variables.apply(name)));
        try {
            return CelValues.out(program.trace(resolver, new CostMeter(tree, MeteredExpression.LIMIT)));
        } catch (CelEvaluationException e) {
            throw new CelException("expression '" + text + "' resulted in error: " + why(e));
        } catch (CostMeter.ExhaustedException e) {
            throw new CelException("expression '" + text + "' resulted in error: " + e.getMessage());
        } catch (CelVariableException e) {
            throw new CelException("expression '" + text + "' resulted in error: " + e.getMessage());
        }
    }

    /// The value of an expression that must be true or false.
    public boolean test(Function<String, @Nullable Object> variables) throws CelException {
        return evaluate(variables) instanceof Boolean answer ? answer : fail();
    }

    private boolean fail() throws CelException {
        throw new CelException("expression '" + text + "' is neither true nor false");
    }

    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at [^:]*:\\d+)?: ");
    private static final Pattern NO_KEY = Pattern.compile("^key '(.*)' is not present in map\\.?$");

    /// What went wrong, in the words that people know from upstream.
    private static String why(CelEvaluationException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CostMeter.ExhaustedException) {
                return String.valueOf(cause.getMessage());
            }
        }
        String text = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        String known = NO_KEY.matcher(text).replaceFirst("no such key: $1");
        return known.equals("/ by zero") ? "division by zero" : known.startsWith("Index out of bounds") ? "i" + known.substring(1) : known;
    }
}
