package io.j8s.apiserver.flow;

/// What a level was asked for over time, as upstream tells of it: utilizations, and for each period of ten seconds the seats that were in use or waited for. Guarded by the lock of its
/// [FlowControl].
final class LevelTimes {

    static final double[] REQUESTS = {0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1};
    static final double[] SEATS = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1};
    static final double[] DEMANDS = {0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.8, 4, 6};
    private static final long PERIOD_NANOS = 10_000_000_000L;
    /// How much of the smoothed demand a quiet period leaves.
    private static final double SMOOTHING = 0.977;

    final TimedValue executing;
    final TimedValue waiting;
    final TimedValue seats;
    final TimedValue demands;
    private long periodStart;
    private long since;
    private double demand;
    private double sum;
    private double squares;
    private double highest;
    private Demand last = new Demand(0, 0, 0, 0);

    /// Of the last whole period, in seats.
    record Demand(double average, double deviation, double highest, double smoothed) {}

    LevelTimes(long now) {
        executing = new TimedValue(REQUESTS, now);
        waiting = new TimedValue(REQUESTS, now);
        seats = new TimedValue(SEATS, now);
        demands = new TimedValue(DEMANDS, now);
        periodStart = now;
        since = now;
    }

    /// The level is like this from now on.
    void changed(LevelRule rule, Level level, long now) {
        double limit = Math.max(1, rule.nominal());
        executing.set(level.running / limit, now);
        waiting.set(level.waiting() / (double) Math.max(1, rule.limit()), now);
        seats.set(level.seats / limit, now);
        int wanted = level.seats + level.waitingSeats();
        demands.set(wanted / limit, now);
        settle(now);
        demand = wanted;
        highest = Math.max(highest, wanted);
    }

    Demand demand(long now) {
        settle(now);
        return last;
    }

    private void settle(long now) {
        while (now - periodStart >= PERIOD_NANOS) {
            long end = periodStart + PERIOD_NANOS;
            add(end - since);
            since = end;
            periodStart = end;
            closePeriod();
        }
        add(Math.max(0, now - since));
        since = Math.max(since, now);
    }

    private void add(long span) {
        sum += span * demand;
        squares += span * demand * demand;
    }

    private void closePeriod() {
        double average = sum / PERIOD_NANOS;
        double deviation = Math.sqrt(Math.max(0, squares / PERIOD_NANOS - average * average));
        double envelope = average + deviation;
        double smoothed = envelope >= last.smoothed ? envelope : SMOOTHING * last.smoothed + (1 - SMOOTHING) * envelope;
        last = new Demand(average, deviation, highest, smoothed);
        sum = 0;
        squares = 0;
        highest = demand;
    }
}
