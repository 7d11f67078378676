package io.j8s.apiserver.flow;

/// How many requests may run at once.
///
/// @param fair whether FlowSchemas and PriorityLevelConfigurations decide (`--enable-priority-and-fairness`); if not, there are only the two limits
/// @param reading of those that change nothing (`--max-requests-inflight`); 0: any number, when it is not `fair`
/// @param mutating of the others (`--max-mutating-requests-inflight`); likewise
public record FlowSettings(boolean fair, int reading, int mutating) {

    /// Upstream's.
    public static final FlowSettings DEFAULT = new FlowSettings(true, 400, 200);

    public FlowSettings {
        if (reading < 0 || mutating < 0) {
            throw new IllegalArgumentException("--max-requests-inflight and --max-mutating-requests-inflight can not be negative value");
        }
        if (fair && reading + mutating <= 0) {
            throw new IllegalArgumentException("--max-requests-inflight and --max-mutating-requests-inflight: at least one must be positive while --enable-priority-and-fairness is on");
        }
    }
}
