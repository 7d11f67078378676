package io.j8s.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Bounds what an expression can cost before it was ever evaluated, in the units of CEL's cost model: an access is 1, walking a text 0.1 a character, and so on. Sizes come
/// from the schema's bounds. The figures decide which rules a definition may have, and so are upstream's.
final class CostEstimator {

    private static final Amount ONE = Amount.exactly(1);
    private static final Amount NEW_LIST = Amount.exactly(10);
    private static final Amount NEW_MAP = Amount.exactly(30);
    private static final Amount NEW_OBJECT = Amount.exactly(40);
    static final double OF_A_CHARACTER = 0.1;
    static final double OF_A_PATTERN_CHARACTER = 0.25;
    private static final Set<String> ACCUMULATORS = Set.of("__result__", "@result");

    /// Keys of maps: upstream counts them as empty.
    private static final Declared KEY = new Declared(SimpleType.STRING, Map.of(), null, 0, 2);

    /// An argument: its path from a variable, if it has one, its type, and its size as far as it was worked out.
    record Argument(@Nullable List<String> path, CelType type, @Nullable CelExpr expr, @Nullable Amount computed) {}

    /// What a call costs, and the size of what it yields; null for unknown.
    record CallCost(Amount cost, @Nullable Amount size) {}

    private record Entries(CelKind container, Amount key, Amount value) {}

    private record Local(List<String> path, @Nullable Amount size, @Nullable Entries entries) {}

    private final CelAbstractSyntaxTree tree;
    private final Declared self;
    private final Map<String, Deque<Local>> locals = new HashMap<>();
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, Amount> sizes = new HashMap<>();
    private final Map<Long, Entries> entries = new HashMap<>();
    private final CallCosts calls;

    private CostEstimator(CelAbstractSyntaxTree tree, Declared self) {
        this.tree = tree;
        this.self = self;
        this.calls = new CallCosts(this::declaredSize);
    }

    /// The most that the expression can cost.
    ///
    /// @param self what is known of the variables `self` and `oldSelf`
    static long most(CelAbstractSyntaxTree tree, Declared self) {
        return new CostEstimator(tree, self).cost(tree.getExpr()).most();
    }

    private Amount cost(CelExpr e) {
        return switch (e.getKind()) {
            case CONSTANT -> Amount.NONE;
            case IDENT -> ident(e);
            case SELECT -> select(e);
            case CALL -> call(e);
            case LIST -> list(e);
            case MAP -> map(e);
            case STRUCT -> e.struct().entries().stream().map(entry -> cost(entry.value())).reduce(NEW_OBJECT, Amount::plus);
            case COMPREHENSION -> isBinding(e) ? binding(e) : comprehension(e);
            case NOT_SET -> Amount.NONE;
        };
    }

    private Amount ident(CelExpr e) {
        Local local = local(e.ident().name());
        paths.put(e.id(), local == null ? List.of(e.ident().name()) : local.path);
        return ONE;
    }

    private Amount select(CelExpr e) {
        Amount sum = cost(e.select().operand());
        if (e.select().testOnly()) {
            return sum;
        }
        sum = switch (type(e.select().operand()).kind()) {
            case MAP, STRUCT, TYPE_PARAM -> sum.plus(ONE);
            default -> sum;
        };
        paths.put(e.id(), extended(path(e.select().operand()), e.select().field()));
        return sum;
    }

    private static List<String> extended(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private Amount call(CelExpr e) {
        CelExpr.CelCall call = e.call();
        List<CelExpr> arguments = call.args();
        if (call.function().equals("dyn") && arguments.size() == 1) {
            Amount cost = cost(arguments.getFirst());
            copySizes(e, arguments.getFirst());
            return cost.plus(ONE);
        }
        List<Amount> costs = arguments.stream().map(this::cost).toList();
        List<Argument> shapes = arguments.stream().map(this::argument).toList();
        List<String> overloads = tree.getReference(e.id()).map(reference -> (List<String>) reference.overloadIds()).orElse(List.of());
        if (overloads.isEmpty()) {
            return Amount.NONE;
        }
        Amount sum = Amount.NONE;
        Argument target = null;
        if (call.target().isPresent()) {
            sum = cost(call.target().get());
            target = argument(call.target().get());
        }
        Amount worst = new Amount(Amount.UNBOUNDED, 0);
        Amount size = null;
        for (String overload : overloads) {
            CallCost one = function(e, call.function(), overload, target, shapes, costs);
            worst = worst.or(one.cost);
            if (one.size != null) {
                size = size == null ? one.size : size.or(one.size);
            }
            if (overload.equals("index_list") || overload.equals("index_map")) {
                Entries of = entries(arguments.getFirst());
                size = of == null ? null : of.value;
                paths.put(e.id(), extended(path(arguments.getFirst()), overload.equals("index_list") ? "@items" : "@values"));
            }
            size = size == null ? size(e) : size;
        }
        if (size != null) {
            sizes.put(e.id(), size);
        }
        return sum.plus(worst);
    }

    private CallCost function(CelExpr e, String function, String overload, @Nullable Argument target, List<Argument> arguments, List<Amount> costs) {
        Amount sum = costs.stream().reduce(Amount.NONE, Amount::plus);
        CallCost special = calls.cost(function, overload, target, arguments);
        if (special != null) {
            return new CallCost(special.cost.plus(sum), special.size);
        }
        switch (overload) {
            case "logical_or", "logical_and" -> {
                return new CallCost(new Amount(costs.getFirst().least(), sum.most()), null);
            }
            case "conditional" -> {
                Entries either = union(entries(e.call().args().get(1)), entries(e.call().args().get(2)));
                if (either != null) {
                    entries.put(e.id(), either);
                }
                return new CallCost(costs.get(0).plus(costs.get(1).or(costs.get(2))), sizeOr(arguments.get(1)).or(sizeOr(arguments.get(2))));
            }
            case "add_string", "add_bytes", "add_list" -> {
                Amount size = sizeOr(arguments.get(0)).plus(sizeOr(arguments.get(1)));
                Entries both = union(entries(e.call().args().get(0)), entries(e.call().args().get(1)));
                if (both != null) {
                    entries.put(e.id(), both);
                }
                return new CallCost((overload.equals("add_list") ? ONE : size.times(OF_A_CHARACTER)).plus(sum), size);
            }
            default -> {
                CallCost standard = CallCosts.standard(overload, target, arguments, this::sizeOr);
                return new CallCost(standard.cost.plus(sum), standard.size);
            }
        }
    }

    private Amount list(CelExpr e) {
        Amount sum = NEW_LIST;
        Amount of = new Amount(e.list().elements().isEmpty() ? 0 : Amount.UNBOUNDED, 0);
        for (CelExpr element : e.list().elements()) {
            sum = sum.plus(cost(element));
            of = of.or(sizeOr(element));
        }
        entries.put(e.id(), new Entries(CelKind.LIST, ONE, of));
        return sum;
    }

    private Amount map(CelExpr e) {
        Amount sum = NEW_MAP;
        Amount keys = new Amount(e.map().entries().isEmpty() ? 0 : Amount.UNBOUNDED, 0);
        Amount values = keys;
        for (CelExpr.CelMap.Entry entry : e.map().entries()) {
            sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
            keys = keys.or(sizeOr(entry.key()));
            values = values.or(sizeOr(entry.value()));
        }
        entries.put(e.id(), new Entries(CelKind.MAP, keys, values));
        return sum;
    }

    // ---- comprehensions

    private boolean isBinding(CelExpr e) {
        CelExpr.CelComprehension c = e.comprehension();
        return c.iterRange().getKind() == CelExpr.ExprKind.Kind.LIST && c.iterRange().list().elements().isEmpty()
                && c.loopCondition().getKind() == CelExpr.ExprKind.Kind.CONSTANT && c.loopCondition().constant().equals(CelConstant.ofValue(false))
                && !ACCUMULATORS.contains(c.accuVar());
    }

    private Amount binding(CelExpr e) {
        CelExpr.CelComprehension c = e.comprehension();
        Amount sum = cost(c.iterRange()).plus(cost(c.accuInit()));
        push(c.accuVar(), new Local(path(c.accuInit()), size(c.accuInit()), entries(c.accuInit())));
        sum = sum.plus(cost(c.result()));
        pop(c.accuVar());
        copySizes(e, c.result());
        return sum;
    }

    private Amount comprehension(CelExpr e) {
        CelExpr.CelComprehension c = e.comprehension();
        Amount sum = cost(c.iterRange()).plus(cost(c.accuInit()));
        push(c.accuVar(), new Local(path(c.accuInit()), size(c.accuInit()), entries(c.accuInit())));
        boolean two = !c.iterVar2().isEmpty();
        boolean list = container(c.iterRange()) == CelKind.LIST;
        Entries of = entries(c.iterRange());
        Amount key = of == null ? null : of.key;
        Amount value = of == null ? null : of.value;
        List<String> path = path(c.iterRange());
        if (two) {
            push(c.iterVar(), new Local(extended(path, list ? "@indices" : "@keys"), key, null));
            push(c.iterVar2(), new Local(extended(path, list ? "@items" : "@values"), value, null));
        } else {
            push(c.iterVar(), new Local(extended(path, list ? "@items" : "@keys"), list ? value : key, null));
        }
        Amount turn = cost(c.loopCondition());
        turn = cost(c.loopStep()).plus(turn);
        pop(c.iterVar());
        if (two) {
            pop(c.iterVar2());
        }
        sum = sum.plus(cost(c.result()));
        pop(c.accuVar());
        Amount turns = sizeOr(c.iterRange());
        sum = sum.plus(turns.times(turn));
        switch (c.accuInit().getKind()) {
            case CONSTANT -> {
                Amount size = size(c.accuInit());
                if (size != null) {
                    sizes.put(e.id(), size);
                }
            }
            case LIST, MAP -> {
                sizes.put(e.id(), turns);
                Entries step = entries(c.loopStep());
                if (step != null) {
                    entries.put(e.id(), step);
                }
            }
            default -> {}
        }
        return sum;
    }

    private CelKind container(CelExpr range) {
        Entries of = entries(range);
        return of == null ? type(range).kind() : of.container;
    }

    private void push(String name, Local local) {
        locals.computeIfAbsent(name, key -> new ArrayDeque<>()).push(local);
    }

    private void pop(String name) {
        Deque<Local> stack = locals.get(name);
        if (stack != null) {
            stack.pop();
        }
    }

    private @Nullable Local local(String name) {
        Deque<Local> stack = locals.get(name);
        return stack == null ? null : stack.peek();
    }

    // ---- paths and sizes

    private CelType type(CelExpr e) {
        return tree.getType(e.id()).orElse(SimpleType.DYN);
    }

    private List<String> path(CelExpr e) {
        if (e.getKind() == CelExpr.ExprKind.Kind.IDENT && local(e.ident().name()) instanceof Local known) {
            return known.path;
        }
        return paths.getOrDefault(e.id(), List.of());
    }

    private Argument argument(CelExpr e) {
        List<String> path = path(e);
        boolean accumulator = !path.isEmpty() && ACCUMULATORS.contains(path.getFirst());
        return new Argument(path.isEmpty() || accumulator ? null : path, type(e), e, size(e));
    }

    private Amount sizeOr(CelExpr e) {
        Amount size = size(e);
        return size == null ? Amount.UNKNOWN : size;
    }

    private Amount sizeOr(Argument argument) {
        return argument.computed == null ? Amount.UNKNOWN : argument.computed;
    }

    private void copySizes(CelExpr to, CelExpr from) {
        Amount size = size(from);
        if (size != null) {
            sizes.put(to.id(), size);
        }
        Entries of = entries(from);
        if (of != null) {
            entries.put(to.id(), of);
        }
    }

    private @Nullable Amount size(CelExpr e) {
        Amount known = sizes.get(e.id());
        if (known == null) {
            known = literalSize(e);
        }
        if (known != null) {
            return known;
        }
        Amount declared = declaredSize(path(e));
        if (declared != null) {
            sizes.put(e.id(), declared);
            return declared;
        }
        if (isScalar(type(e))) {
            return ONE;
        }
        return e.getKind() == CelExpr.ExprKind.Kind.IDENT && local(e.ident().name()) instanceof Local local ? local.size : null;
    }

    private @Nullable Entries entries(CelExpr e) {
        Entries known = entries.get(e.id());
        return known == null && e.getKind() == CelExpr.ExprKind.Kind.IDENT && local(e.ident().name()) instanceof Local local ? local.entries : known;
    }

    private static @Nullable Entries union(@Nullable Entries a, @Nullable Entries b) {
        return a == null || b == null ? null : new Entries(a.container, a.key.or(b.key), a.value.or(b.value));
    }

    private static @Nullable Amount literalSize(CelExpr e) {
        return switch (e.getKind()) {
            case CONSTANT -> switch (e.constant().getKind()) {
                case STRING_VALUE -> Amount.exactly(e.constant().stringValue().codePointCount(0, e.constant().stringValue().length()));
                case BYTES_VALUE -> Amount.exactly(e.constant().bytesValue().size());
                default -> ONE;
            };
            case LIST -> Amount.exactly(e.list().elements().size());
            case MAP -> Amount.exactly(e.map().entries().size());
            default -> null;
        };
    }

    private static boolean isScalar(CelType type) {
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            case OPAQUE -> type.name().equals("optional_type") && !type.parameters().isEmpty() && isScalar(type.parameters().getFirst());
            default -> false;
        };
    }

    /// The size that the schema allows of what a path leads to; null when nothing is known.
    private @Nullable Amount declaredSize(@Nullable List<String> path) {
        if (path == null || path.isEmpty()) {
            return null;
        }
        Declared at = self;
        for (String name : path.subList(1, path.size())) {
            at = switch (name) {
                case "@items", "@values" -> at.element();
                case "@keys" -> at.element() == null || at.type().kind() != CelKind.MAP ? null : KEY;
                default -> at.fields().get(name);
            };
            if (at == null) {
                return null;
            }
        }
        return new Amount(0, at.mostElements());
    }
}
