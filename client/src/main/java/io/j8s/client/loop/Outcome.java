package io.j8s.client.loop;

import java.time.Duration;

/// How a reconciliation of one key ended.
public sealed interface Outcome {

    Outcome DONE = new Done();

    static Outcome retryAfter(Duration delay) {
        return new RetryAfter(delay);
    }

    static Outcome failed(Exception cause) {
        return new Failed(cause);
    }

    /// The key is as it should be, or an event will tell when there is more to do.
    record Done() implements Outcome {}

    /// Nothing failed, but the key has to be looked at again at a certain time.
    record RetryAfter(Duration delay) implements Outcome {}

    /// It did not work; the key comes back with growing delays.
    record Failed(Exception cause) implements Outcome {}
}
