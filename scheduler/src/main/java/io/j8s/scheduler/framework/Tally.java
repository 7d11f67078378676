package io.j8s.scheduler.framework;

/// How often a plugin was asked. Counted by the scheduling task; others may read a count that is a moment old.
public final class Tally {

    long preFilters;
    long filters;
    long preScores;
    long scores;

    /// The count for one of the points PreFilter, Filter, PreScore, Score.
    public long at(Point point) {
        return switch (point) {
            case PRE_FILTER -> preFilters;
            case FILTER -> filters;
            case PRE_SCORE -> preScores;
            case SCORE -> scores;
            default -> 0;
        };
    }
}
