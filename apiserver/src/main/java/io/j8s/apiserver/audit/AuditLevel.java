package io.j8s.apiserver.audit;

/// How much is kept of a request; each level holds what those before it do.
enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    /// As policies and events spell it.
    String text() {
        return text;
    }

    boolean atLeast(AuditLevel other) {
        return compareTo(other) >= 0;
    }
}
