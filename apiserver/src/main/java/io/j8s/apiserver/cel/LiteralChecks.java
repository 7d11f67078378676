package io.j8s.apiserver.cel;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.SimpleType;
import io.j8s.model.schema.RegularExpression;
import io.j8s.model.schema.TextFormats;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is asked of literals in rules of schemas: the elements of a list are of one type, and so are keys and values of a map; durations, times and patterns are such;
/// only numbers and durations are summed up.
final class LiteralChecks {

    private static final Set<CelKind> DISTINCT = EnumSet.of(
            CelKind.BOOL, CelKind.INT, CelKind.UINT, CelKind.DOUBLE, CelKind.STRING, CelKind.BYTES, CelKind.LIST, CelKind.MAP);
    private static final Set<CelKind> SUMMABLE = EnumSet.of(CelKind.INT, CelKind.UINT, CelKind.DOUBLE, CelKind.DURATION, CelKind.DYN, CelKind.TYPE_PARAM);

    private LiteralChecks() {}

    /// @throws CelException when something is not
    static void check(CelAbstractSyntaxTree tree, String prefix) throws CelException {
        check(tree, tree.getExpr(), prefix);
    }

    private static void check(CelAbstractSyntaxTree tree, CelExpr e, String prefix) throws CelException {
        List<CelExpr> below = new ArrayList<>();
        switch (e.getKind()) {
            case SELECT -> below.add(e.select().operand());
            case CALL -> {
                e.call().target().ifPresent(below::add);
                e.call().args().forEach(argument -> below.addAll(isFormat(e.call()) && argument.getKind() == CelExpr.ExprKind.Kind.LIST ? argument.list().elements() : List.of(argument)));
                call(tree, e, prefix);
            }
            case LIST -> {
                below.addAll(e.list().elements());
                same(tree, below, prefix);
            }
            case MAP -> {
                List<CelExpr> keys = e.map().entries().stream().map(CelExpr.CelMap.Entry::key).toList();
                List<CelExpr> values = e.map().entries().stream().map(CelExpr.CelMap.Entry::value).toList();
                same(tree, keys, prefix);
                same(tree, values, prefix);
                below.addAll(keys);
                below.addAll(values);
            }
            case STRUCT -> e.struct().entries().forEach(entry -> below.add(entry.value()));
            case COMPREHENSION -> {
                CelExpr.CelComprehension c = e.comprehension();
                below.addAll(List.of(c.iterRange(), c.accuInit(), c.loopCondition(), c.loopStep(), c.result()));
            }
            default -> {}
        }
        for (CelExpr one : below) {
            check(tree, one, prefix);
        }
    }

    /// What is formatted may be of any types.
    private static boolean isFormat(CelExpr.CelCall call) {
        return call.function().equals("format") && call.target().isPresent();
    }

    /// An error at an expression, in the compiler's form.
    private static CelException at(CelAbstractSyntaxTree tree, CelExpr e, String prefix, String message) {
        Integer offset = tree.getSource().getPositionsMap().get(e.id());
        Optional<CelSourceLocation> place = offset == null ? Optional.empty() : tree.getSource().getOffsetLocation(offset);
        String text = place.map(one -> "ERROR: <input>:" + one.getLine() + ":" + (one.getColumn() + 1) + ": " + message
                        + "\n | " + tree.getSource().getSnippet(one.getLine()).orElse("") + "\n | " + ".".repeat(one.getColumn()) + "^")
                .orElse("ERROR: <input>: " + message);
        return new CelException(prefix + text);
    }

    private static void call(CelAbstractSyntaxTree tree, CelExpr e, String prefix) throws CelException {
        CelExpr.CelCall call = e.call();
        switch (call.function()) {
            case "duration", "timestamp", "matches" -> {
                CelExpr last = call.args().getLast();
                if (last.getKind() == CelExpr.ExprKind.Kind.CONSTANT && last.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                    literal(tree, last, call.function(), prefix);
                }
            }
            case "sum" -> {
                CelType list = call.target().flatMap(target -> tree.getType(target.id())).orElse(SimpleType.DYN);
                boolean summable = list.parameters().isEmpty() || SUMMABLE.contains(list.parameters().getFirst().kind());
                if (!summable) {
                    throw at(tree, e, prefix, "found no matching overload for 'sum' applied to 'list(" + list.parameters().getFirst().name() + ").()'");
                }
            }
            default -> {}
        }
    }

    private static void literal(CelAbstractSyntaxTree tree, CelExpr constant, String function, String prefix) throws CelException {
        String text = constant.constant().stringValue();
        try {
            switch (function) {
                case "duration" -> TextFormats.duration(text);
                case "timestamp" -> TextFormats.time(text);
                default -> RegularExpression.compile(text);
            }
        } catch (IllegalArgumentException | PatternSyntaxException e) {
            throw at(tree, constant, prefix, "invalid " + function + " argument");
        }
    }

    private static void same(CelAbstractSyntaxTree tree, List<CelExpr> elements, String prefix) throws CelException {
        CelType first = null;
        for (CelExpr element : elements) {
            CelType type = tree.getType(element.id()).orElse(SimpleType.DYN);
            if (!DISTINCT.contains(type.kind())) {
                continue;
            }
            if (first != null && first.kind() != type.kind()) {
                throw at(tree, element, prefix, "expected type '" + CelTypes.format(first) + "' but found '" + CelTypes.format(type) + "'");
            }
            first = first == null ? type : first;
        }
    }
}
