package io.j8s.apiserver.tracing;

import java.util.Map;

/// A span that has ended (OpenTelemetry specification, "Span").
///
/// @param traceId 16 bytes
/// @param spanId 8 bytes
/// @param parentId 8 bytes; empty for the first one of a trace
/// @param server whether it is that of a request; else one within the server
/// @param startNanos, endNanos since 1970
/// @param attributes texts and whole numbers
/// @param linkedTraceId, linkedSpanId what a client whose word does not count said to be the parent; empty for nothing
/// @param failed whether the server is at fault
public record FinishedSpan(
        byte[] traceId, byte[] spanId, byte[] parentId, String name, boolean server, long startNanos, long endNanos, Map<String, Object> attributes, byte[] linkedTraceId, byte[] linkedSpanId,
        boolean failed) {}
