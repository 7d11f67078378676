package io.j8s.apiserver.cel;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import io.j8s.model.Quantity;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// `quantity('1Gi')` and what can be asked of it.
final class QuantityFunctions {

    private static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");

    private QuantityFunctions() {}

    /// A quantity that equals another of the same value, however they are written.
    record Amount(Quantity quantity) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Amount(Quantity same) && quantity.compareTo(same) == 0;
        }

        @Override
        public int hashCode() {
            return quantity.amount().stripTrailingZeros().hashCode();
        }
    }

    static void addTo(Functions f) {
        f.global("quantity", "k8s_quantity", QUANTITY, args -> new Amount(parsed((String) args[0])), SimpleType.STRING);
        f.global("isQuantity", "k8s_is_quantity", SimpleType.BOOL, args -> isQuantity((String) args[0]), SimpleType.STRING);
        f.global("sign", "k8s_quantity_sign", SimpleType.INT, args -> (long) of(args[0]).signum(), QUANTITY);
        f.member("isInteger", "k8s_quantity_is_integer", SimpleType.BOOL, args -> whole(of(args[0])), QUANTITY);
        f.member("asInteger", "k8s_quantity_as_integer", SimpleType.INT, args -> of(args[0]).amount().longValueExact(), QUANTITY);
        f.member("asApproximateFloat", "k8s_quantity_as_float", SimpleType.DOUBLE, args -> of(args[0]).doubleValue(), QUANTITY);
        f.member("add", "k8s_quantity_add", QUANTITY, args -> new Amount(of(args[0]).add(of(args[1]))), QUANTITY, QUANTITY);
        f.member("add", "k8s_quantity_add_int", QUANTITY, args -> new Amount(of(args[0]).add(Quantity.of((Long) args[1]))), QUANTITY, SimpleType.INT);
        f.member("sub", "k8s_quantity_sub", QUANTITY, args -> new Amount(of(args[0]).subtract(of(args[1]))), QUANTITY, QUANTITY);
        f.member("sub", "k8s_quantity_sub_int", QUANTITY, args -> new Amount(of(args[0]).subtract(Quantity.of((Long) args[1]))), QUANTITY, SimpleType.INT);
        f.member("isLessThan", "k8s_quantity_less", SimpleType.BOOL, args -> of(args[0]).compareTo(of(args[1])) < 0, QUANTITY, QUANTITY);
        f.member("isGreaterThan", "k8s_quantity_greater", SimpleType.BOOL, args -> of(args[0]).compareTo(of(args[1])) > 0, QUANTITY, QUANTITY);
        f.member("compareTo", "k8s_quantity_compare", SimpleType.INT, args -> (long) Integer.signum(of(args[0]).compareTo(of(args[1]))), QUANTITY, QUANTITY);
    }

    private static Quantity parsed(String text) {
        if (!isQuantity(text)) {
            throw new IllegalArgumentException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        return Quantity.parse(text);
    }

    private static Quantity of(Object value) {
        return ((Amount) value).quantity;
    }

    private static boolean whole(Quantity quantity) {
        BigDecimal amount = quantity.amount().stripTrailingZeros();
        return amount.scale() <= 0 && amount.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    }

    private static boolean isQuantity(String text) {
        try {
            Quantity.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
