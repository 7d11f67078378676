package io.j8s.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A place where threads wait for a condition that other threads bring about: whoever changes the state calls [#signal],
/// and whoever waits looks at the condition again. No signal that follows a change is ever missed.
///
/// The condition is evaluated by the waiting thread, outside any lock of the gate's: it must be cheap, must not block and must read state safely
/// (volatile fields, or a short `synchronized`).
public interface Gate {

    /// Makes every waiting thread look at its condition again. Never blocks.
    void signal();

    /// Waits until the condition holds.
    void await(BooleanSupplier condition) throws InterruptedException;

    /// Waits until the condition holds, at most so long; answers whether it held at the end.
    boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException;
}
