package io.j8s.apiserver.admission;

import java.util.ArrayList;
import java.util.List;

/// What plugins took from budgets for one write, to be given back if it does not come about. One thread.
public final class Reservations {

    private List<Runnable> taken = new ArrayList<>(0);

    /// Notes how to give something back.
    public void add(Runnable giveBack) {
        taken.add(giveBack);
    }

    /// Gives everything back, once, in reverse order.
    public void giveBack() {
        List<Runnable> mine = taken;
        taken = new ArrayList<>(0);
        mine.reversed().forEach(Runnable::run);
    }
}
