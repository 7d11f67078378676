package io.j8s.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A compiled expression whose evaluation is metered, and broken off when it costs too much. Immutable; evaluated by any number of threads at once.
public final class MeteredExpression {

    /// What one evaluation may cost.
    static final long LIMIT = 1_000_000;

    private final CelAbstractSyntaxTree tree;
    private final CelRuntime.Program program;

    MeteredExpression(CelAbstractSyntaxTree tree, CelRuntime.Program program) {
        this.tree = tree;
        this.program = program;
    }

    /// What came of an evaluation.
    ///
    /// @param value null where it failed
    /// @param error why it failed; empty when it did not
    /// @param exhausted whether it was broken off because of its cost
    record Outcome(@Nullable Object value, String error, boolean exhausted, long cost) {}

    Outcome evaluate(Map<String, Object> variables) {
        CostMeter meter = new CostMeter(tree, LIMIT);
        CelVariableResolver resolver = name -> Optional.ofNullable(variables.get(name));
        try {
            return new Outcome(program.trace(resolver, meter), "", false, meter.cost());
        } catch (CelEvaluationException e) {
            return failed(e, meter);
        } catch (CostMeter.ExhaustedException e) {
            return new Outcome(null, "operation cancelled: actual cost limit exceeded", true, meter.cost());
        }
    }

    /// What a function itself says of its failure.
    private static String cause(CelEvaluationException e, String otherwise) {
        String why = otherwise;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !message.contains("Function '")) {
                why = message;
            }
        }
        return why;
    }

    private static Outcome failed(CelEvaluationException e, CostMeter meter) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CostMeter.ExhaustedException) {
                return new Outcome(null, "operation cancelled: actual cost limit exceeded", true, meter.cost());
            }
        }
        String message = String.valueOf(e.getMessage());
        int place = message.indexOf(": ", message.indexOf('>') + 1);
        String told = message.startsWith("evaluation error") && place > 0 ? message.substring(place + 2) : message;
        String why = told.startsWith("Function '") ? cause(e, told) : told.replace("long overflow", "integer overflow");
        return new Outcome(null, switch (e.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> "no such key: " + why.replaceFirst("^key '(.*)' is not present in map\\.$", "$1");
            case DIVIDE_BY_ZERO -> "division by zero";
            case INDEX_OUT_OF_BOUNDS -> why.replace("Index", "index");
            case OVERLOAD_NOT_FOUND -> "no such overload";
            case ITERATION_BUDGET_EXCEEDED -> "operation cancelled: actual cost limit exceeded";
            default -> why;
        }, false, meter.cost());
    }
}
