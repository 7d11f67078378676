package io.j8s.apiserver.flow;

import io.j8s.runtime.Gate;

/// A request that waits for its turn on its own thread.
final class Waiter {

    private final Gate gate;
    private final int seats;
    private volatile boolean granted;

    /// @param seats how many it needs
    Waiter(Gate gate, int seats) {
        this.gate = gate;
        this.seats = seats;
    }

    Gate gate() {
        return gate;
    }

    int seats() {
        return seats;
    }

    boolean granted() {
        return granted;
    }

    void grant() {
        granted = true;
        gate.signal();
    }
}
