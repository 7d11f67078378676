package io.j8s.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// A fixed-point number with a unit: `100m`, `1536Mi`, `2`, `1e3`. Immutable. Finest is one billionth; what is finer is rounded away from zero.
///
/// Its spelling is the canonical one: no fraction, the largest unit that needs none, in the family of units it was written in (decimal, binary or exponent).
/// A spelling that is canonical already is kept as it is. Compared and equal by value: `1` equals `1000m`.
///
/// Source: the API conventions on quantities (`k8s.io/apimachinery/pkg/api/resource`).
public final class Quantity implements Comparable<Quantity> {

    /// The family of units.
    public enum Format { DECIMAL_SI, BINARY_SI, DECIMAL_EXPONENT }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI, "0");

    private static final BigDecimal LARGEST_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal THOUSAND_AND_24 = BigDecimal.valueOf(1024);
    private static final String[] DECIMAL_UNITS = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    private static final String[] BINARY_UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    private final BigDecimal amount;
    private final Format format;
    private final String text;

    private Quantity(BigDecimal amount, Format format, @Nullable String text) {
        this.amount = amount;
        this.format = format;
        this.text = text == null ? spell(amount, format) : text;
    }

    /// A whole number, in decimal units.
    public static Quantity of(long value) {
        return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI, null);
    }

    /// A whole number in the given units.
    public static Quantity of(long value, Format format) {
        return new Quantity(BigDecimal.valueOf(value), format, null);
    }

    /// Thousandths, in decimal units.
    public static Quantity ofMilli(long value) {
        return new Quantity(BigDecimal.valueOf(value, 3), Format.DECIMAL_SI, null);
    }

    /// An exact amount in the given units.
    public static Quantity of(BigDecimal amount, Format format) {
        return new Quantity(amount, format, null);
    }

    /// Nobody means longer ones, or larger exponents: their digits would take memory and time without end.
    private static final int LONGEST = 400;
    private static final int LARGEST_EXPONENT = 400;

    /// Reads a quantity.
    ///
    /// @throws IllegalArgumentException when the text is none
    public static Quantity parse(String text) {
        if (text.equals("0")) {
            return ZERO;
        }
        int end = text.length() > LONGEST ? 0 : numberEnd(text);
        String unit = text.substring(end);
        Unit scale = end == 0 ? null : Unit.of(unit);
        if (end == 0 || scale == null || Math.abs(scale.exponent) > LARGEST_EXPONENT) {
            throw new IllegalArgumentException("\"" + (text.length() > LONGEST ? text.substring(0, LONGEST) : text) + "\" is no quantity: must be a number and a unit such as m, k, Mi, G or e3");
        }
        BigDecimal number = number(text, end);
        BigDecimal amount = scale.format == Format.BINARY_SI
                ? number.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(scale.exponent)))
                : number.scaleByPowerOfTen(scale.exponent);
        if (amount.scale() > 9) {
            amount = amount.setScale(9, RoundingMode.UP);
        }
        Format format = scale.format;
        if (format == Format.BINARY_SI) {
            amount = amount.min(LARGEST_BINARY).max(LARGEST_BINARY.negate());
            if (amount.abs().compareTo(BigDecimal.ONE) < 0) {
                format = Format.DECIMAL_SI;
            }
        }
        return new Quantity(amount, format, keepsSpelling(text, end, scale) ? text : null);
    }

    private static int numberEnd(String text) {
        int end = 0;
        boolean digits = false;
        boolean point = false;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (c == '.' && !point) {
                point = true;
            } else if (end != 0 || (c != '-' && c != '+')) {
                break;
            }
            end++;
        }
        return digits ? end : 0;
    }

    private static BigDecimal number(String text, int end) {
        boolean pointLast = text.charAt(end - 1) == '.';
        return new BigDecimal(text.substring(0, pointLast ? end - 1 : end));
    }

    /// Whether upstream keeps this spelling: no fraction that needs another unit, no thousands to be expressed by a larger one.
    private static boolean keepsSpelling(String text, int end, Unit unit) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        while (start < end && text.charAt(start) == '0') {
            start++;
        }
        int point = text.indexOf('.');
        String whole = text.substring(start, point < 0 ? end : Math.max(start, point));
        String fraction = point < 0 ? "" : text.substring(point + 1, end);
        String digits = whole + fraction;
        if (digits.isEmpty() || digits.charAt(0) == '0' || digits.length() > 18) {
            return false;
        }
        if (unit.format == Format.BINARY_SI) {
            return fraction.isEmpty()
                    && digits.length() + unit.exponent * 3 / 10 + 1 <= 15
                    && unit.exponent % 10 == 0
                    && (Long.parseLong(digits) & 7) != 0;
        }
        int scale = unit.exponent - fraction.length();
        return scale >= -9 && scale % 3 == 0 && !digits.endsWith("000");
    }

    private record Unit(Format format, int exponent) {
        static @Nullable Unit of(String unit) {
            for (int i = 0; i < DECIMAL_UNITS.length; i++) {
                if (DECIMAL_UNITS[i].equals(unit)) {
                    return new Unit(Format.DECIMAL_SI, (i - 3) * 3);
                }
            }
            for (int i = 1; i < BINARY_UNITS.length; i++) {
                if (BINARY_UNITS[i].equals(unit)) {
                    return new Unit(Format.BINARY_SI, i * 10);
                }
            }
            return exponent(unit);
        }

        private static @Nullable Unit exponent(String unit) {
            if (unit.length() < 2 || (unit.charAt(0) != 'e' && unit.charAt(0) != 'E')) {
                return null;
            }
            try {
                return new Unit(Format.DECIMAL_EXPONENT, Integer.parseInt(unit.substring(1)));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    private static String spell(BigDecimal amount, Format format) {
        if (amount.signum() == 0) {
            return "0";
        }
        if (format == Format.BINARY_SI && amount.abs().compareTo(THOUSAND_AND_24) >= 0 && amount.stripTrailingZeros().scale() <= 0) {
            return spellBinary(amount.toBigIntegerExact());
        }
        return spellDecimal(amount, format == Format.DECIMAL_EXPONENT);
    }

    private static String spellBinary(BigInteger value) {
        int unit = 0;
        BigInteger rest = value;
        while (unit < BINARY_UNITS.length - 1 && rest.getLowestSetBit() >= 10) {
            rest = rest.shiftRight(10);
            unit++;
        }
        return rest + BINARY_UNITS[unit];
    }

    private static String spellDecimal(BigDecimal amount, boolean asExponent) {
        BigDecimal plain = amount.scale() > 9 ? amount.setScale(9, RoundingMode.UP) : amount;
        int exponent = -plain.stripTrailingZeros().scale();
        exponent = Math.floorDiv(exponent, 3) * 3;
        if (!asExponent) {
            exponent = Math.min(exponent, 18);
        }
        BigInteger mantissa = plain.scaleByPowerOfTen(-exponent).toBigIntegerExact();
        if (asExponent) {
            return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
        }
        return mantissa + DECIMAL_UNITS[exponent / 3 + 3];
    }

    /// The amount, exactly.
    public BigDecimal amount() {
        return amount;
    }

    public Format format() {
        return format;
    }

    /// As a whole number, rounded up; as far as a `long` reaches.
    public long value() {
        return scaled(0);
    }

    /// In thousandths, rounded up; as far as a `long` reaches.
    public long milliValue() {
        return scaled(-3);
    }

    /// In units of ten to this power, rounded away from zero; as far as a `long` reaches.
    public long scaled(int powerOfTen) {
        BigDecimal scaled = amount.scaleByPowerOfTen(-powerOfTen).setScale(0, RoundingMode.UP);
        if (scaled.precision() - scaled.scale() <= 18) {
            return scaled.longValue();
        }
        BigInteger whole = scaled.toBigInteger();
        return whole.bitLength() < 64 ? whole.longValue() : whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    public double doubleValue() {
        return amount.doubleValue();
    }

    public int signum() {
        return amount.signum();
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }

    /// The sum, in the units of this one (of the other when this is zero).
    public Quantity add(Quantity other) {
        return new Quantity(amount.add(other.amount), isZero() ? other.format : format, null);
    }

    /// The difference, in the units of this one (of the other when this is zero).
    public Quantity subtract(Quantity other) {
        return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format, null);
    }

    public Quantity multiply(long factor) {
        return new Quantity(amount.multiply(BigDecimal.valueOf(factor)), format, null);
    }

    public Quantity negate() {
        return new Quantity(amount.negate(), format, null);
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    /// The spelling.
    @Override
    public String toString() {
        return text;
    }
}
