package io.j8s.node.pods;

import io.j8s.model.core.v1.ContainerUser;
import io.j8s.node.cri.v1.ContainerStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One container (one attempt at it) as the runtime shows it.
///
/// @param attempt counts restarts, from 0
/// @param hash of the parts of the specification that a running container must match
/// @param startedAt null while it was never started
/// @param finishedAt null while it has not ended
/// @param user as whom it began; null: the runtime does not tell
record ContainerView(
        String id, String name, int attempt, State state, Instant createdAt, @Nullable Instant startedAt, @Nullable Instant finishedAt,
        int exitCode, String reason, String message, String image, String imageId, String hash, String logPath, @Nullable ContainerUser user) {

    enum State { CREATED, RUNNING, EXITED, UNKNOWN }

    static ContainerView of(ContainerStatus status) {
        State state = switch (status.getState()) {
            case CONTAINER_CREATED -> State.CREATED;
            case CONTAINER_RUNNING -> State.RUNNING;
            case CONTAINER_EXITED -> State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> State.UNKNOWN;
        };
        return new ContainerView(status.getId(), status.getMetadata().getName(), status.getMetadata().getAttempt(), state, instant(status.getCreatedAt()),
                status.getStartedAt() == 0 ? null : instant(status.getStartedAt()), status.getFinishedAt() == 0 ? null : instant(status.getFinishedAt()),
                status.getExitCode(), status.getReason(), status.getMessage(), status.getImage().getImage(), status.getImageRef(),
                status.getAnnotationsOrDefault(Labels.HASH, ""), status.getLogPath(), user(status));
    }

    boolean running() {
        return state == State.RUNNING;
    }

    boolean ended() {
        return state == State.EXITED || state == State.UNKNOWN;
    }

    /// When it ended, or when it was made if the runtime lost track of it.
    Instant end() {
        return finishedAt == null ? createdAt : finishedAt;
    }

    ContainerView withMessage(String text) {
        return new ContainerView(id, name, attempt, state, createdAt, startedAt, finishedAt, exitCode, reason, text, image, imageId, hash, logPath, user);
    }

    private static @Nullable ContainerUser user(ContainerStatus status) {
        if (!status.getUser().hasLinux()) {
            return null;
        }
        var linux = status.getUser().getLinux();
        return ContainerUser.EMPTY.withLinux(u -> u.withUid(linux.getUid()).withGid(linux.getGid()).withSupplementalGroups(linux.getSupplementalGroupsList()));
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }
}
