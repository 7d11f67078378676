package io.j8s.scheduler.framework;

/// Where the time of scheduling attempts is noted, for metrics. Statuses are upstream's: Success, Unschedulable, UnschedulableAndUnresolvable, Skip, Error, Wait. Any thread.
public interface Measures {

    /// Nothing is noted.
    Measures NONE = new Measures() {
        @Override
        public long now() {
            return 0;
        }

        @Override
        public boolean sampled() {
            return false;
        }

        @Override
        public void point(String point, String status, long start) {}

        @Override
        public void plugin(String plugin, String point, String status, long start) {}

        @Override
        public void hinted(boolean used, long start) {}

        @Override
        public Tally tally(String plugin) {
            return new Tally();
        }
    };

    /// A clock in nanoseconds.
    long now();

    /// Whether plugins are timed one by one this time: now and then they are.
    boolean sampled();

    /// All plugins of an extension point, from `start` to now.
    void point(String point, String status, long start);

    /// One plugin at an extension point, from `start` to now.
    void plugin(String plugin, String point, String status, long start);

    /// What was kept of earlier pods of the same kind was looked for, and used or not.
    void hinted(boolean used, long start);

    /// Where the questions to a plugin are counted.
    Tally tally(String plugin);
}
