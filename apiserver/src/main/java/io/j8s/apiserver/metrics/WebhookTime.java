package io.j8s.apiserver.metrics;

/// How long webhooks took of a request, which is not the server's fault. One thread; what a request does on others is not known here.
public final class WebhookTime {

    private static final ScopedValue<WebhookTime> CURRENT = ScopedValue.newInstance();

    private long nanos;

    /// A part of serving a request.
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /// Does this, and gathers what webhooks take within.
    public void during(Work work) throws Exception {
        ScopedValue.where(CURRENT, this).call(() -> {
            work.run();
            return null;
        });
    }

    /// A webhook took so long of the request that this thread serves.
    public static void took(long span) {
        if (CURRENT.isBound()) {
            CURRENT.get().nanos += span;
        }
    }

    public long nanos() {
        return nanos;
    }
}
