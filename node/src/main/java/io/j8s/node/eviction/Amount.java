package io.j8s.node.eviction;

import io.j8s.model.Quantity;
import org.jspecify.annotations.Nullable;

/// A quantity, or a share of what there is.
///
/// @param quantity null: it is a share
/// @param share of the whole, 0 to 1
record Amount(@Nullable Quantity quantity, double share) {

    static Amount parse(String signal, String text) {
        if (!text.endsWith("%")) {
            Quantity quantity = Quantity.parse(text);
            if (quantity.signum() < 0) {
                throw new IllegalArgumentException("eviction threshold " + signal + " must be positive: " + text);
            }
            return new Amount(quantity, 0);
        }
        double percent;
        try {
            percent = Double.parseDouble(text.substring(0, text.length() - 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("eviction percentage threshold " + signal + " is no number: " + text, e);
        }
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("eviction percentage threshold " + signal + " must be " + (percent < 0 ? ">= 0%" : "<= 100%") + ": " + text);
        }
        return new Amount(null, percent / 100);
    }

    long of(long capacity) {
        return quantity != null ? quantity.value() : (long) (capacity * share);
    }
}
