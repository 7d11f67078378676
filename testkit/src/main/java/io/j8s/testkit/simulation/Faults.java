package io.j8s.testkit.simulation;

import java.time.Duration;

/// How badly the network between components and API server behaves.
///
/// @param slow the share of calls that take up to [#delay] longer, 0 to 1
/// @param refused the share of calls that fail without being done
/// @param throttled the share of calls that the server has no room for (429)
/// @param lost the share of writes that are done, but whose answer is lost
/// @param raced the share of updates before which somebody else writes the same object
/// @param cut the share of watches that end early, after up to a minute
public record Faults(double slow, Duration delay, double refused, double throttled, double lost, double raced, double cut) {
    public static final Faults NONE = new Faults(0, Duration.ZERO, 0, 0, 0, 0, 0);
    /// About what a bad day looks like.
    public static final Faults SOME = new Faults(0.05, Duration.ofSeconds(2), 0.03, 0.02, 0.03, 0.05, 0.2);

    public Faults {
        for (double share : new double[] {slow, refused, throttled, lost, raced, cut}) {
            if (share < 0 || share > 1) {
                throw new IllegalArgumentException("a share of calls is 0 to 1, not " + share);
            }
        }
    }
}
