package io.j8s.node.cri;

import java.time.Duration;

/// Told of each call to the runtime. Any thread; must not block.
public interface Calls {
    Calls NOBODY = new Calls() {
        @Override
        public long now() {
            return 0;
        }

        @Override
        public void made(String operation, Duration span, boolean failed) {
            // nobody wants to know
        }
    };

    /// A clock in nanoseconds, by which spans are measured.
    long now();

    /// @param operation such as `run_podsandbox`, as upstream's metrics call it
    void made(String operation, Duration span, boolean failed);
}
