package io.j8s.apiserver.flow;

import io.j8s.runtime.Gate;

/// A request that waits for its turn on its own thread.
final class Waiter {

    private final Gate gate;
    private volatile boolean granted;

    Waiter(Gate gate) {
        this.gate = gate;
    }

    Gate gate() {
        return gate;
    }

    boolean granted() {
        return granted;
    }

    void grant() {
        granted = true;
        gate.signal();
    }
}
