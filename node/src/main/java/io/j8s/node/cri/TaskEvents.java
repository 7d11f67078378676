package io.j8s.node.cri;

import com.google.protobuf.InvalidProtocolBufferException;
import io.j8s.node.cri.containerd.Envelope;
import io.j8s.node.cri.containerd.TaskExit;
import io.j8s.node.cri.containerd.TaskOOM;
import io.j8s.node.cri.containerd.TaskStart;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// containerd's stream of task events, for containers of the Kubernetes namespace. One thread takes events; any may close it.
public final class TaskEvents implements AutoCloseable {
    private final Connection.Stream<Envelope> stream;

    TaskEvents(Connection.Stream<Envelope> stream) {
        this.stream = stream;
    }

    /// The next event; null at the end. Throws [CriException] when the runtime went away.
    public @Nullable TaskEvent next() throws InterruptedException {
        while (true) {
            Envelope envelope = stream.next();
            if (envelope == null) {
                return null;
            }
            TaskEvent event = event(envelope);
            if (event != null) {
                return event;
            }
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    /// Events of processes that were started by exec carry an id of their own and are left out.
    private static @Nullable TaskEvent event(Envelope envelope) {
        var body = envelope.getEvent().getValue();
        try {
            return switch (envelope.getTopic()) {
                case "/tasks/start" -> {
                    TaskStart start = TaskStart.parseFrom(body);
                    yield new TaskEvent.Started(start.getContainerId(), start.getPid());
                }
                case "/tasks/exit" -> {
                    TaskExit exit = TaskExit.parseFrom(body);
                    yield exit.getId().equals(exit.getContainerId())
                            ? new TaskEvent.Exited(exit.getContainerId(), exit.getExitStatus(), Instant.ofEpochSecond(exit.getExitedAt().getSeconds(), exit.getExitedAt().getNanos()))
                            : null;
                }
                case "/tasks/oom" -> new TaskEvent.OutOfMemory(TaskOOM.parseFrom(body).getContainerId());
                default -> null;
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("containerd sent an event on " + envelope.getTopic() + " that cannot be read", e);
        }
    }
}
