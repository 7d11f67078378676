package io.j8s.node.server;

import io.j8s.http.WebSocket;
import io.j8s.node.spdy.SpdyConnection;
import io.j8s.node.spdy.SpdyStream;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Streams of a process between a WebSocket client and the runtime (protocols `v5.channel.k8s.io` and `v4.channel.k8s.io`: each message begins with its
/// channel's number; version 5 can also end one channel, so that a process sees the end of its input).
final class Channels {
    static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final int NORMAL_CLOSURE = 1000;

    private final WebSocket socket;
    private final Timeline timeline;

    /// What the client wants of the process's streams.
    record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}

    Channels(WebSocket socket, Timeline timeline) {
        this.socket = socket;
        this.timeline = timeline;
    }

    /// Carries everything until the process has ended, or the client went away.
    void run(URI runtime, Wanted wanted) throws IOException, InterruptedException {
        try (SpdyConnection connection = SpdyConnection.open(runtime, "v4.channel.k8s.io", timeline)) {
            SpdyStream error = stream(connection, "error");
            SpdyStream stdin = wanted.stdin() ? stream(connection, "stdin") : null;
            SpdyStream stdout = wanted.stdout() ? stream(connection, "stdout") : null;
            SpdyStream stderr = wanted.stderr() && !wanted.tty() ? stream(connection, "stderr") : null;
            SpdyStream resize = wanted.tty() ? stream(connection, "resize") : null;
            socket.sendBinary(new byte[] {(byte) (wanted.stdout() ? STDOUT : wanted.stderr() ? STDERR : ERROR)}, 0, 1);
            Task input = timeline.start("stream input", () -> receive(stdin, resize, connection));
            List<Task> outputs = new ArrayList<>();
            send(outputs, stdout, STDOUT);
            send(outputs, stderr, STDERR);
            try {
                for (Task output : outputs) {
                    output.join();
                }
                forward(error, ERROR);
                socket.close(NORMAL_CLOSURE, "");
            } finally {
                outputs.forEach(Task::cancel);
                input.cancel();
            }
        }
    }

    private static SpdyStream stream(SpdyConnection connection, String type) throws IOException {
        return connection.stream(Map.of("streamtype", type));
    }

    private void send(List<Task> outputs, @Nullable SpdyStream stream, int channel) {
        if (stream != null) {
            outputs.add(timeline.start("stream output", () -> forward(stream, channel)));
        }
    }

    private void forward(SpdyStream stream, int channel) throws IOException, InterruptedException {
        for (byte[] bytes = stream.read(); bytes != null; bytes = stream.read()) {
            byte[] message = new byte[bytes.length + 1];
            message[0] = (byte) channel;
            System.arraycopy(bytes, 0, message, 1, bytes.length);
            socket.sendBinary(message, 0, message.length);
        }
    }

    /// Takes what the client sends. When the client goes away, the runtime's streams end.
    private void receive(@Nullable SpdyStream stdin, @Nullable SpdyStream resize, SpdyConnection connection) throws IOException, InterruptedException {
        try {
            for (WebSocket.Message message = socket.receive(); message != null; message = socket.receive()) {
                byte[] bytes = message.bytes();
                int channel = bytes.length == 0 ? -1 : bytes[0] & 0xff;
                if (channel == STDIN && stdin != null && bytes.length > 1) {
                    stdin.write(bytes, 1, bytes.length - 1);
                } else if (channel == RESIZE && resize != null) {
                    resize.write(bytes, 1, bytes.length - 1);
                } else if (channel == CLOSE && bytes.length == 2 && bytes[1] == STDIN && stdin != null) {
                    stdin.closeOutput();
                }
            }
        } finally {
            if (!Thread.currentThread().isInterrupted()) {
                connection.close();
            }
        }
    }

    /// An error before the process's streams are there, as the last message of its channel.
    static void fail(WebSocket socket, String message) throws IOException {
        String status = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"reason\":\"InternalError\",\"code\":500,\"message\":"
                + new String(io.j8s.model.Json.writePlain(message), StandardCharsets.UTF_8) + "}";
        byte[] text = status.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[text.length + 1];
        bytes[0] = ERROR;
        System.arraycopy(text, 0, bytes, 1, text.length);
        socket.sendBinary(bytes, 0, bytes.length);
        socket.close(NORMAL_CLOSURE, "");
    }
}
