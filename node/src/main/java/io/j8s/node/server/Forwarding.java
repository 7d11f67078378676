package io.j8s.node.server;

import io.j8s.http.WebSocket;
import io.j8s.node.spdy.SpdyConnection;
import io.j8s.node.spdy.SpdyStream;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Ports of a pod over one WebSocket (protocol `v4.channel.k8s.io`): for each port a channel of data and one of errors, each of which begins with the port's number.
final class Forwarding {
    static final String PROTOCOL = "v4.channel.k8s.io";
    private final WebSocket socket;
    private final Timeline timeline;

    Forwarding(WebSocket socket, Timeline timeline) {
        this.socket = socket;
        this.timeline = timeline;
    }

    void run(URI runtime, List<Integer> ports) throws IOException, InterruptedException {
        List<Task> tasks = new ArrayList<>();
        try (SpdyConnection connection = SpdyConnection.open(runtime, "portforward.k8s.io", timeline)) {
            List<SpdyStream> data = new ArrayList<>();
            for (int i = 0; i < ports.size(); i++) {
                Map<String, String> common = Map.of("port", Integer.toString(ports.get(i)), "requestid", Integer.toString(i));
                SpdyStream errors = connection.stream(with(common, "error"));
                errors.closeOutput();
                data.add(connection.stream(with(common, "data")));
                announce(2 * i, ports.get(i));
                announce(2 * i + 1, ports.get(i));
                pump(tasks, data.getLast(), 2 * i);
                pump(tasks, errors, 2 * i + 1);
            }
            for (WebSocket.Message message = socket.receive(); message != null; message = socket.receive()) {
                byte[] bytes = message.bytes();
                int channel = bytes.length == 0 ? -1 : bytes[0] & 0xff;
                if (channel >= 0 && channel % 2 == 0 && channel / 2 < data.size()) {
                    data.get(channel / 2).write(bytes, 1, bytes.length - 1);
                }
            }
        } finally {
            tasks.forEach(Task::cancel);
        }
    }

    private void announce(int channel, int port) throws IOException {
        socket.sendBinary(new byte[] {(byte) channel, (byte) port, (byte) (port >> 8)}, 0, 3);
    }

    private void pump(List<Task> tasks, SpdyStream stream, int channel) {
        tasks.add(timeline.start("forwarded port", () -> {
            for (byte[] bytes = stream.read(); bytes != null; bytes = stream.read()) {
                byte[] message = new byte[bytes.length + 1];
                message[0] = (byte) channel;
                System.arraycopy(bytes, 0, message, 1, bytes.length);
                socket.sendBinary(message, 0, message.length);
            }
        }));
    }

    private static Map<String, String> with(Map<String, String> common, String type) {
        Map<String, String> headers = new java.util.HashMap<>(common);
        headers.put("streamtype", type);
        return headers;
    }
}
