package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.IntOrString;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules for numbers, and for counts that may also be percentages.
public final class NumberRules {

    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");
    private static final int WHOLE = 100;

    private NumberRules() {}

    public static void notNegative(long value, FieldPath path, FieldErrors errors) {
        if (value < 0) {
            errors.invalid(path, value, "must be greater than or equal to 0");
        }
    }

    public static void between(long value, long least, long most, FieldPath path, FieldErrors errors) {
        if (value < least || value > most) {
            errors.invalid(path, value, "must be between " + least + " and " + most + ", inclusive");
        }
    }

    /// A count that is not negative, or a percentage.
    public static void countOrPercent(@Nullable IntOrString value, FieldPath path, FieldErrors errors) {
        switch (value) {
            case IntOrString.Int count -> notNegative(count.value(), path, errors);
            case IntOrString.Text text -> {
                if (!PERCENT.matcher(text.value()).matches()) {
                    errors.invalid(path, text.value(), "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%')");
                }
            }
            case null -> notNegative(0, path, errors);
        }
    }

    public static void atMostAll(@Nullable IntOrString value, FieldPath path, FieldErrors errors) {
        if (value instanceof IntOrString.Text text && PERCENT.matcher(text.value()).matches() && amount(value) > WHOLE) {
            errors.invalid(path, text.value(), "must not be greater than 100%");
        }
    }

    /// The count, or the number before the percent sign; 0 for what is neither.
    public static long amount(@Nullable IntOrString value) {
        return switch (value) {
            case IntOrString.Int count -> count.value();
            case IntOrString.Text text -> {
                String digits = text.value().endsWith("%") ? text.value().substring(0, text.value().length() - 1) : text.value();
                boolean number = !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
                yield number ? Long.parseLong(digits) : 0;
            }
            case null -> 0;
        };
    }
}
