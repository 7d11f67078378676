package io.j8s.apiserver.tracing;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The header `traceparent` (W3C Trace Context): which trace a request belongs to.
record TraceContext(byte[] traceId, byte[] spanId, boolean sampled) {

    private static final int LENGTH = 55;

    /// Null when there is none, or one that cannot be understood: then a new trace begins.
    static @Nullable TraceContext parse(@Nullable String header) {
        if (header == null || header.length() < LENGTH || header.charAt(2) != '-' || header.charAt(35) != '-' || header.charAt(52) != '-' || header.startsWith("ff")) {
            return null;
        }
        try {
            HexFormat hex = HexFormat.of();
            byte[] trace = hex.parseHex(header.substring(3, 35));
            byte[] span = hex.parseHex(header.substring(36, 52));
            hex.parseHex(header.substring(0, 2));
            boolean sampled = (hex.parseHex(header.substring(53, LENGTH))[0] & 1) == 1;
            return isZero(trace) || isZero(span) ? null : new TraceContext(trace, span, sampled);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isZero(byte[] id) {
        for (byte each : id) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
