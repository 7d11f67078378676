package io.j8s.apiserver.audit;

/// Where events go. Any thread.
public interface AuditSink extends AutoCloseable {

    /// Takes one event as a line of JSON without its end.
    void take(byte[] event);

    /// Returns when what was taken is kept.
    @Override
    void close();
}
