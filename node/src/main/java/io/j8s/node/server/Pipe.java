package io.j8s.node.server;

import io.j8s.http.ByteStream;
import io.j8s.http.WebSocket;
import io.j8s.node.spdy.RawUpgrade;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InputStream;

/// Carries the bytes of an upgraded connection to the runtime and back, as they are.
final class Pipe {
    private static final int BUFFER = 32 * 1024;
    private static final int NORMAL_CLOSURE = 1000;

    private Pipe() {}

    static void run(ByteStream client, RawUpgrade runtime, Timeline timeline) throws IOException {
        Task back = timeline.start("streams back", () -> {
            try (client) {
                byte[] buffer = new byte[BUFFER];
                InputStream in = runtime.input();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    client.output().write(buffer, 0, count);
                    client.output().flush();
                }
            } catch (IOException e) {
                // one side is gone: so is the other
            }
        });
        try {
            byte[] buffer = new byte[BUFFER];
            for (int count = client.input().read(buffer); count >= 0; count = client.input().read(buffer)) {
                runtime.output().write(buffer, 0, count);
                runtime.output().flush();
            }
        } finally {
            runtime.close();
            back.close();
        }
    }

    /// The same for a connection whose bytes travel in WebSocket messages.
    static void run(WebSocket client, RawUpgrade runtime, Timeline timeline) throws IOException, InterruptedException {
        Task back = timeline.start("streams back", () -> {
            byte[] buffer = new byte[BUFFER];
            InputStream in = runtime.input();
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    client.sendBinary(buffer.clone(), 0, count);
                }
                client.close(NORMAL_CLOSURE, "");
            } catch (IOException e) {
                // one side is gone: so is the other
            }
        });
        try {
            for (WebSocket.Message message = client.receive(); message != null; message = client.receive()) {
                runtime.output().write(message.bytes());
                runtime.output().flush();
            }
        } finally {
            runtime.close();
            back.close();
        }
    }
}
