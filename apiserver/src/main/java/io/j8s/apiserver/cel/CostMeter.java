package io.j8s.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Adds up what an evaluation costs, by CEL's cost model, from what the library tells of each step. One evaluation, one thread.
final class CostMeter implements CelEvaluationListener {

    private static final double CHARACTER = CostEstimator.OF_A_CHARACTER;

    private final CelAbstractSyntaxTree tree;
    private final long limit;
    private final Map<Long, Object> values = new HashMap<>();
    private final Set<Long> tested = new HashSet<>();
    private long cost;

    CostMeter(CelAbstractSyntaxTree tree, long limit) {
        this.tree = tree;
        this.limit = limit;
    }

    long cost() {
        return cost;
    }

    /// Breaks an evaluation off.
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExhaustedException() {
            super("operation cancelled: actual cost limit exceeded", null, false, false);
        }
    }

    @Override
    public void callback(CelExpr expr, Object value) {
        cost = Amount.sum(cost, switch (expr.getKind()) {
            case IDENT -> 1;
            case SELECT -> select(expr);
            case CALL -> call(expr, value);
            case LIST -> 10;
            case MAP -> 30;
            case STRUCT -> 40;
            default -> 0;
        });
        if (cost > limit) {
            throw new ExhaustedException();
        }
        values.put(expr.id(), value);
    }

    /// Of a chain of fields only the last is told of; a test for presence is told of twice.
    private long select(CelExpr expr) {
        if (expr.select().testOnly()) {
            return tested.remove(expr.id()) || !tested.add(expr.id()) ? 0 : chain(expr.select().operand());
        }
        return chain(expr);
    }

    private static long chain(CelExpr expr) {
        long length = 0;
        CelExpr at = expr;
        while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            length++;
            at = at.select().operand();
        }
        return at.getKind() == CelExpr.ExprKind.Kind.IDENT ? length + 1 : length;
    }

    private long call(CelExpr expr, Object result) {
        CelExpr.CelCall call = expr.call();
        String overload = tree.getReference(expr.id()).map(reference -> reference.overloadIds().isEmpty() ? "" : reference.overloadIds().getFirst()).orElse("");
        List<CelExpr> operands = new ArrayList<>(call.args());
        call.target().ifPresent(operands::addFirst);
        Object first = operands.isEmpty() ? null : value(operands.getFirst());
        Object second = operands.size() < 2 ? null : value(operands.get(1));
        return switch (call.function()) {
            case "_&&_", "_||_", "_?_:_" -> 0;
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(first);
            case "url", "lowerAscii", "upperAscii", "substring", "trim", "jsonpatch.escapeKey", "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver",
                    "format", "strings.quote" -> scaled(size(first), CHARACTER);
            case "ip" -> overload.equals("cidr_ip") ? 1 : scaled(size(first), CHARACTER);
            case "replace", "split", "ip.isCanonical" -> scaled(size(first), 2 * CHARACTER);
            case "join" -> scaled(size(result), 2 * CHARACTER);
            case "find", "findAll", "matches" -> pattern(size(first), size(second));
            case "validate" -> pattern(size(second), 128);
            case "containsIP" -> scaled(32, CHARACTER) + (overload.endsWith("_string") ? scaled(size(second), CHARACTER) : 0);
            case "containsCIDR" -> scaled(32, CHARACTER) + scaled(16, CHARACTER) + 1 + (overload.endsWith("_string") ? scaled(size(second), CHARACTER) : 0);
            case "check" -> 350_000;
            case "startsWith", "endsWith" -> scaled(size(second), CHARACTER);
            case "contains" -> Amount.product(scaled(size(first), CHARACTER), scaled(size(second), CHARACTER));
            case "@in" -> overload.equals("in_list") || second instanceof List<?> ? size(second) : 1;
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> scaled(Math.min(size(first), size(second)), CHARACTER);
            case "_+_" -> first instanceof String || first instanceof CelByteString ? scaled(Amount.sum(size(first), size(second)), CHARACTER) : 1;
            case "distinct", "sort", "@sortByAssociatedKeys" -> Amount.sum(11, Amount.product(2, Amount.product(size(first), size(first))));
            case "flatten", "lists.range", "reverse", "slice" -> Amount.sum(11, size(result));
            case "sets.contains", "sets.intersects", "sets.equivalent" -> Amount.sum(1, Amount.product(size(first), size(second)));
            default -> 1;
        };
    }

    private @Nullable Object value(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> switch (expr.constant().getKind()) {
                case STRING_VALUE -> expr.constant().stringValue();
                case BYTES_VALUE -> expr.constant().bytesValue();
                default -> expr.constant();
            };
            default -> values.get(expr.id());
        };
    }

    private static long pattern(long text, long pattern) {
        return Amount.product(scaled(Amount.sum(text, 1), CHARACTER), scaled(pattern, CostEstimator.OF_A_PATTERN_CHARACTER));
    }

    private static long scaled(long size, double factor) {
        return Amount.scaled(size, factor);
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case CelByteString bytes -> bytes.size();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Optional<?> optional when optional.isPresent() -> size(optional.get());
            case null, default -> 1;
        };
    }

    private static long traversal(@Nullable Object value) {
        return switch (value) {
            case String text -> (long) (text.length() * CHARACTER);
            case CelByteString bytes -> (long) (bytes.size() * CHARACTER);
            case List<?> list -> list.stream().mapToLong(CostMeter::traversal).sum();
            case Map<?, ?> map -> map.entrySet().stream().mapToLong(entry -> traversal(entry.getKey()) + traversal(entry.getValue())).sum();
            case null, default -> 1;
        };
    }
}
