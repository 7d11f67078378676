package io.j8s.runtime;

/// Something that runs, or will run, on a thread of its own.
public interface Task extends AutoCloseable {

    /// Whether the body has returned, thrown, or was cancelled before it began.
    boolean done();

    /// Keeps the body from starting, or interrupts it when it has started. Does not wait for its end.
    void cancel();

    /// Waits until the body has ended.
    void join() throws InterruptedException;

    /// Cancels and waits for the end, whatever interrupts come (the interrupt flag is set again afterwards).
    @Override
    void close();
}
