package io.j8s.apiserver.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import io.j8s.apiserver.cel.CostEstimator.Argument;
import io.j8s.apiserver.cel.CostEstimator.CallCost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What calls of functions cost at most, by the sizes of their arguments: those of Kubernetes' libraries, those of CEL's extensions, and the standard ones.
final class CallCosts {

    private static final Amount ONE = Amount.exactly(1);
    private static final Amount ALLOCATING = Amount.exactly(11);
    private static final Amount AN_ADDRESS = new Amount(4, 16);
    private static final Amount AUTHORIZATION = Amount.exactly(350_000);
    private static final double LONGEST_FORMAT_PATTERN = 128 * CostEstimator.OF_A_PATTERN_CHARACTER;
    private static final long LARGEST_FORMAT = 64;

    private final Function<@Nullable List<String>, @Nullable Amount> declared;

    /// @param declared the size that the schema allows of what a path leads to
    CallCosts(Function<@Nullable List<String>, @Nullable Amount> declared) {
        this.declared = declared;
    }

    private Amount size(Argument argument) {
        if (argument.computed() != null) {
            return argument.computed();
        }
        Amount known = declared.apply(argument.path());
        return known == null ? Amount.UNKNOWN : known;
    }

    private static CallCost costs(Amount cost) {
        return new CallCost(cost, null);
    }

    private static Amount walk(Amount size) {
        return size.times(CostEstimator.OF_A_CHARACTER);
    }

    /// Null for what costs no more than any other call.
    @Nullable CallCost cost(String function, String overload, @Nullable Argument target, List<Argument> arguments) {
        CallCost ofLists = listExtension(function, overload, target, arguments);
        return ofLists != null ? ofLists : switch (function) {
            case "check" -> costs(AUTHORIZATION);
            case "serviceAccount", "path", "group", "resource", "subresource", "namespace", "name", "allowed", "reason", "error", "errored",
                    "masked", "prefixLength", "family", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast",
                    "sign", "asInteger", "isInteger", "asApproximateFloat", "isGreaterThan", "isLessThan", "compareTo", "add", "sub", "major", "minor", "patch",
                    "getScheme", "getHostname", "getHost", "getPort", "getEscapedPath", "getQuery", "format.named" -> costs(ONE);
            case "fieldSelector", "labelSelector" -> arguments.size() == 1
                    ? costs(Amount.exactly(10).plus(walk(size(arguments.getFirst()))).plus(size(arguments.getFirst()).times(0.5).times(50))) : null;
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> target == null ? null : overList(target);
            case "url", "jsonpatch.escapeKey" -> arguments.size() == 1 ? walked(size(arguments.getFirst()), 1) : null;
            case "lowerAscii", "upperAscii", "substring", "trim" -> target == null ? null : walked(size(target), 1);
            case "replace" -> target == null || arguments.size() < 2 ? null : replacing(size(target), size(arguments.get(0)), size(arguments.get(1)));
            case "split" -> target == null ? null : splitting(target, arguments);
            case "join" -> target == null ? null : joining(target, arguments);
            case "find", "findAll" -> target == null || arguments.isEmpty() ? null
                    : new CallCost(matching(size(target), size(arguments.getFirst())), new Amount(0, size(target).most()));
            case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" -> arguments.isEmpty() ? null : costs(walk(size(arguments.getFirst())));
            case "ip" -> overload.equals("cidr_ip") ? costs(ONE) : arguments.isEmpty() ? null : costs(walk(size(arguments.getFirst())));
            case "ip.isCanonical" -> arguments.isEmpty() ? null : costs(size(arguments.getFirst()).times(2 * CostEstimator.OF_A_CHARACTER));
            case "containsIP" -> arguments.isEmpty() ? null : costs(comparing(overload.equals("cidr_contains_ip_string") ? arguments.getFirst() : null));
            case "containsCIDR" -> arguments.isEmpty() ? null
                    : costs(comparing(overload.equals("cidr_contains_cidr_string") ? arguments.getFirst() : null).plus(walk(AN_ADDRESS)).plus(ONE));
            case "validate" -> arguments.isEmpty() ? null : costs(walk(size(arguments.getFirst())).times(LONGEST_FORMAT_PATTERN));
            case "_==_" -> arguments.size() == 2 ? equality(arguments.get(0).type(), arguments.get(1).type()) : null;
            default -> null;
        };
    }

    private static CallCost walked(Amount size, int times) {
        return new CallCost(size.times(times * CostEstimator.OF_A_CHARACTER), size);
    }

    private static @Nullable CallCost equality(CelType one, CelType other) {
        if (!one.equals(other) || one.kind() != CelKind.OPAQUE && one.kind() != CelKind.STRUCT) {
            return null;
        }
        return switch (one.name()) {
            case "net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.Semver", "kubernetes.authorization.Authorizer", "kubernetes.authorization.PathCheck",
                    "kubernetes.authorization.GroupCheck", "kubernetes.authorization.ResourceCheck", "kubernetes.authorization.Decision" -> costs(ONE);
            case "kubernetes.NamedFormat" -> costs(walk(new Amount(1, LARGEST_FORMAT)));
            case "kubernetes.URL" -> costs(walk(ONE));
            default -> null;
        };
    }

    private CallCost overList(Argument target) {
        Argument element = element(target);
        if (element == null) {
            return costs(walk(size(target)));
        }
        CelKind kind = element.type().kind();
        Amount each = kind == CelKind.STRING || kind == CelKind.BYTES ? ONE.plus(walk(size(element))) : ONE;
        return costs(size(target).times(each));
    }

    private static @Nullable Argument element(Argument list) {
        if (list.type().parameters().isEmpty()) {
            return null;
        }
        List<String> path = list.path() == null ? null : new ArrayList<>(list.path());
        if (path != null) {
            path.add("@items");
        }
        return new Argument(path, list.type().parameters().getFirst(), null, null);
    }

    private static CallCost replacing(Amount text, Amount what, Amount by) {
        long mostTimes = 0;
        long mostKept = 0;
        if (what.least() == 0) {
            mostTimes = Amount.sum(text.most(), 1);
            mostKept = text.most();
        } else if (by.most() <= what.least()) {
            mostKept = text.most();
        } else {
            mostTimes = text.most() == Amount.UNBOUNDED ? Amount.UNBOUNDED : (long) Math.ceil((double) text.most() / what.least());
        }
        long leastTimes = 0;
        long leastKept = 0;
        if (what.most() == 0) {
            leastTimes = Amount.sum(text.least(), 1);
            leastKept = text.least();
        } else if (what.most() <= by.least()) {
            leastKept = text.least();
        } else {
            leastTimes = (long) Math.ceil((double) text.least() / what.most());
        }
        Amount size = new Amount(leastTimes, mostTimes).times(by).plus(new Amount(leastKept, mostKept));
        return new CallCost(text.times(2 * CostEstimator.OF_A_CHARACTER), size);
    }

    private CallCost splitting(Argument target, List<Argument> arguments) {
        Amount text = size(target);
        long most = arguments.size() > 1 ? literal(arguments.get(1), text.most()) : text.most();
        return new CallCost(text.times(2 * CostEstimator.OF_A_CHARACTER), new Amount(0, most));
    }

    private static long literal(Argument argument, long otherwise) {
        CelExpr expr = argument.expr();
        if (expr == null || expr.getKind() != CelExpr.ExprKind.Kind.CONSTANT || expr.constant().getKind() != CelConstant.Kind.INT64_VALUE) {
            return otherwise;
        }
        return Math.max(expr.constant().int64Value(), 0);
    }

    private CallCost joining(Argument target, List<Argument> arguments) {
        Amount count = size(target);
        Argument element = element(target);
        Amount size = element == null ? Amount.NONE : count.times(size(element));
        if (!arguments.isEmpty()) {
            size = size.plus(size(arguments.getFirst()).times(new Amount(Math.max(count.least() - 1, 0), Math.max(count.most() - 1, 0))));
        }
        return new CallCost(walk(size), size);
    }

    private static Amount matching(Amount text, Amount pattern) {
        return walk(text.plus(ONE)).times(pattern.times(CostEstimator.OF_A_PATTERN_CHARACTER));
    }

    private Amount comparing(@Nullable Argument parsed) {
        Amount cost = walk(AN_ADDRESS.plus(AN_ADDRESS));
        return parsed == null ? cost : cost.plus(walk(size(parsed)));
    }

    // ---- extensions of CEL

    private @Nullable CallCost listExtension(String function, String overload, @Nullable Argument target, List<Argument> arguments) {
        if (overload.startsWith("list_sets_") && arguments.size() == 2) {
            Amount pairs = size(arguments.get(0)).times(size(arguments.get(1)));
            return costs(pairs.times(overload.contains("equivalent") ? 2 : 1).plus(ONE));
        }
        if (overload.equals("lists_range") && arguments.size() == 1) {
            return allocating(Amount.exactly(literal(arguments.getFirst(), Amount.UNBOUNDED)), 1);
        }
        if (target == null) {
            return null;
        }
        if (overload.startsWith("list_flatten")) {
            return allocating(size(target), arguments.isEmpty() ? 1 : literal(arguments.getFirst(), Amount.UNBOUNDED));
        }
        if (function.equals("sort") || function.equals("@sortByAssociatedKeys") || function.equals("list.@sortByAssociatedKeys")) {
            Argument by = arguments.isEmpty() ? target : arguments.getFirst();
            Argument element = element(by);
            boolean text = element != null && (element.type().kind() == CelKind.STRING || element.type().kind() == CelKind.BYTES);
            return allocating(size(by).times(size(by)), text ? 2 + CostEstimator.OF_A_CHARACTER : 2);
        }
        return switch (overload) {
            case "list_slice" -> {
                long end = literal(arguments.get(1), size(target).most());
                yield allocating(Amount.exactly(Math.max(end - literal(arguments.get(0), 0), 0)), 1);
            }
            case "list_reverse" -> allocating(size(target), 1);
            case "list_distinct" -> allocating(size(target).times(size(target)), 2);
            default -> null;
        };
    }

    private static CallCost allocating(Amount size, double factor) {
        return new CallCost(size.times(factor).plus(ALLOCATING), size);
    }

    // ---- the standard functions

    static CallCost standard(String overload, @Nullable Argument target, List<Argument> arguments, Function<Argument, Amount> size) {
        switch (overload) {
            case "string_format" -> {
                return target == null ? costs(ONE) : costs(walk(size.apply(target)));
            }
            case "string_to_bytes" -> {
                Amount text = size.apply(arguments.getFirst());
                return new CallCost(walk(text), new Amount(text.least(), Amount.product(text.most(), 4)));
            }
            case "bytes_to_string" -> {
                Amount bytes = size.apply(arguments.getFirst());
                return new CallCost(walk(bytes), new Amount(bytes.least() / 4, bytes.most()));
            }
            case "strings_quote" -> {
                Amount text = size.apply(arguments.getFirst());
                return new CallCost(walk(text), new Amount(text.least() + 2, Amount.sum(Amount.product(text.most(), 2), 2)));
            }
            case "starts_with_string", "ends_with_string" -> {
                return costs(walk(size.apply(arguments.getFirst())));
            }
            case "in_list" -> {
                return costs(size.apply(arguments.get(1)));
            }
            case "matches", "matches_string" -> {
                Argument text = target == null ? arguments.getFirst() : target;
                return costs(matching(size.apply(text), size.apply(arguments.getLast())));
            }
            case "contains_string" -> {
                return target == null ? costs(ONE) : costs(walk(size.apply(target)).times(walk(size.apply(arguments.getFirst()))));
            }
            case "less_string", "greater_string", "less_equals_string", "greater_equals_string", "less_bytes", "greater_bytes", "less_equals_bytes",
                    "greater_equals_bytes", "equals", "not_equals" -> {
                long most = Math.min(size.apply(arguments.get(0)).most(), size.apply(arguments.get(1)).most());
                return costs(walk(new Amount(most > 0 ? 1 : 0, most)));
            }
            default -> {}
        }
        return costs(ONE);
    }
}
